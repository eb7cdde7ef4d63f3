// From notes/en/maps.md, lines 27 to 39.

package main

import "fmt"

func main() {
	m := map[string]int{"b": 2, "a": 1, "c": 3}
	fmt.Println(m) // map[a:1 b:2 c:3]
	for k := range m {
		fmt.Println(k)
	}
}
