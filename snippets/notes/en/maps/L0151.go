// From notes/en/maps.md, lines 151 to 165.

package main

import "fmt"

func main() {
	type key struct {
		name string
		id   [2]int
	}
	seen := map[key]bool{}
	seen[key{"a", [2]int{1, 2}}] = true
	fmt.Println(seen[key{"a", [2]int{1, 2}}]) // true
	fmt.Println(seen[key{"a", [2]int{2, 1}}]) // false
	var bad any = func() {}
	set := map[any]bool{}
	set[bad] = true // panic: runtime error: hash of unhashable type func()
}
