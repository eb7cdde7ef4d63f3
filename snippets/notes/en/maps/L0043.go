// From notes/en/maps.md, lines 43 to 52.

package main

import (
	"fmt"
	"maps"
	"slices"
	"sort"
)

func main() {
	m := map[string]int{"b": 2, "a": 1, "c": 3}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Println(keys)                          // [a b c]
	fmt.Println(slices.Sorted(maps.Values(m))) // [1 2 3]
}
