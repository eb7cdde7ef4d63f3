// From notes/zh/slice.md, lines 175 to 187.

package main

import "fmt"

func main() {
	s := []int{1, 2, 3}
	for _, v := range s {
		v *= 10
		s = append(s, v)
	}
	fmt.Println(s) // [1 2 3 10 20 30]
	for i := range s {
		s[i]++
	}
	fmt.Println(s) // [2 3 4 11 21 31]
}
