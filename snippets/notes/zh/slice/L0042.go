// From notes/zh/slice.md, lines 42 to 47.

package main

import "fmt"

func main() {
	s1 := []int{1, 2, 3, 4, 5}
	s2 := s1[1:3:3]      // len=2 cap=2
	s2 = append(s2, 100) // [2 3 100]
	fmt.Println(s1)      // [1 2 3 4 5]
}
