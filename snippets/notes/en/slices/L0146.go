// From notes/en/slices.md, lines 146 to 155.

package main

import "fmt"

func main() {
	s := []string{"a", "b", "c", "d"}
	t := s[1:2:2]
	fmt.Println(t, len(t), cap(t)) // [b] 1 1
	t = append(t, "X")
	fmt.Println(s) // [a b c d]
	u := s[1:2]
	u = append(u, "X")
	fmt.Println(s) // [a b X d]
}
