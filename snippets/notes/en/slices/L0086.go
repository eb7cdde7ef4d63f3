// From notes/en/slices.md, lines 86 to 95.

package main

import "fmt"

func stackBuffer() {
	var s []int
	for i := 0; i < 5; i++ {
		s = append(s, i)
		fmt.Print(cap(s), " ")
	}
	fmt.Println()
}

func main() {
	stackBuffer()
}
