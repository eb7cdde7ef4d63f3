// From notes/en/slices.md, lines 18 to 24.

package main

import (
	"fmt"
	"slices"
)

func main() {
	a, b := [2]int{1, 2}, [2]int{1, 2}
	fmt.Println(a == b) // true
	s, t := a[:], b[:]
	// fmt.Println(s == t) // compile error: invalid operation: s == t (slice can only be compared to nil)
	fmt.Println(slices.Equal(s, t)) // true
}
