// From notes/en/closures.md, lines 107 to 114.

package main

import "fmt"

func main() {
	var ps []*int
	for i := range 3 {
		ps = append(ps, &i)
	}
	fmt.Println(*ps[0], *ps[1], *ps[2]) // 0 1 2
	fmt.Println(ps[0] == ps[2])         // false
}
