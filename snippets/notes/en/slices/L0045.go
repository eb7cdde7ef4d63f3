// From notes/en/slices.md, lines 45 to 56.

package main

import "fmt"

func add(s []int) { s = append(s, 100) }

func addPtr(s *[]int) { *s = append(*s, 100) }

func main() {
	s := make([]int, 0, 8)
	add(s)
	fmt.Println(s, len(s)) // [] 0
	fmt.Println(s[:1])     // [100]
	addPtr(&s)
	fmt.Println(s) // [100]
}
