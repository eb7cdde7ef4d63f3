// From notes/zh/slice.md, lines 49 to 54.

package main

import "fmt"

func main() {
	s := make([]int, 2, 4)
	fmt.Println(s[:4]) // [0 0 0 0]
	n := 5
	fmt.Println(s[:n]) // panic: runtime error: slice bounds out of range [:5] with capacity 4
}
