// From notes/zh/slice.md, lines 216 to 220.

package main

import "fmt"

func main() {
	s := []int{1, 2, 3}
	i := 3
	fmt.Println(s[i]) // panic: runtime error: index out of range [3] with length 3
}
