// From notes/zh/slice.md, lines 8 to 20.

package main

import "fmt"

func main() {
	a := [3]int{1, 2, 3}
	b := a
	b[0] = 100
	fmt.Println(a, b) // 输出: [1 2 3] [100 2 3]
	s := []int{1, 2, 3}
	t := s
	t[0] = 100
	fmt.Println(s, t) // 输出: [100 2 3] [100 2 3]
}
