// From notes/zh/slice.md, lines 204 to 212.

package main

import (
	"fmt"
	"slices"
)

func main() {
	s := []int{0, 1, 2, 3, 4}
	i := 2
	s = append(s[:i], s[i+1:]...)
	fmt.Println(s) // [0 1 3 4]
	s = slices.Delete(s, 0, 2)
	fmt.Println(s) // [3 4]
}
