// From notes/en/slices.md, lines 77 to 82.

package main

import "fmt"

func main() {
	s := append([]int{1, 2, 3}, 4, 5, 6, 7)
	fmt.Println(len(s), cap(s)) // 7 8
	b := append([]byte("ab"), "cdefg"...)
	fmt.Println(len(b) == 7, cap(b) >= 7) // true true
}
