// From notes/en/slices.md, lines 112 to 130.

package main

import "fmt"

func collect(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i)
		fmt.Print(cap(s), " ")
	}
	fmt.Println()
	return s
}

func main() {
	collect(5)
}
