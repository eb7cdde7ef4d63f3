// From notes/zh/slice.md, lines 34 to 40.

package main

import "fmt"

func main() {
	s1 := []int{1, 2, 3, 4, 5}
	s2 := s1[1:3]                 // s2: [2, 3]
	fmt.Println(len(s2), cap(s2)) // 2 4
	s2 = append(s2, 100)          // s2: [2, 3, 100]
	fmt.Println(s1)               // [1 2 3 100 5]
}
