// From notes/en/maps.md, lines 5 to 11.

package main

import "fmt"

func main() {
	var m map[string]int
	fmt.Println(m["x"], len(m)) // 0 0
	delete(m, "x")              // no panic
	clear(m)                    // no panic
	m["x"] = 1                  // panic: assignment to entry in nil map
}
