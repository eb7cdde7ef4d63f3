// From notes/en/maps.md, lines 179 to 185.

package main

import "fmt"

func main() {
	groups := map[int][]string{}
	for _, w := range []string{"go", "is", "fun", "ok", "now"} {
		groups[len(w)] = append(groups[len(w)], w)
	}
	fmt.Println(groups) // map[2:[go is ok] 3:[fun now]]
}
