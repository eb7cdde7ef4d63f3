// From notes/en/closures.md, lines 116 to 126.

package main

import "fmt"

func main() {
	type item struct{ id int }
	items := []item{{1}, {2}}
	var refs []*item
	for _, it := range items {
		refs = append(refs, &it)
	}
	refs[0].id = 100
	fmt.Println(items[0].id, refs[0].id, refs[1].id) // go1.22: 1 100 2
}
