// From notes/zh/slice.md, lines 60 to 74.

package main

import "fmt"

func change(s []int) {
	s = append(s, 4)
	s[0] = 99
}

func main() {
	enough := make([]int, 3, 10)
	change(enough)
	fmt.Println(enough)     // [99 0 0]
	fmt.Println(enough[:4]) // [99 0 0 4]
	full := []int{1, 2, 3}
	change(full)
	fmt.Println(full) // [1 2 3]
}
