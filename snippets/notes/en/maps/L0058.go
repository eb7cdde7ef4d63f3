// From notes/en/maps.md, lines 58 to 73.

package main

import "fmt"

func main() {
	type point struct{ x, y int }
	m := map[string]point{"a": {1, 2}}
	// m["a"].x = 5 // compile error: cannot assign to struct field m["a"].x in map
	// _ = &m["a"]  // compile error: invalid operation: cannot take address of m["a"]
	p := m["a"]
	p.x = 5
	m["a"] = p
	fmt.Println(m["a"]) // {5 2}
	counts := map[string]int{}
	counts["k"]++ // a plain element can be updated
	counts["k"] += 10
	fmt.Println(counts) // map[k:11]
}
