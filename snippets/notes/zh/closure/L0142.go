// From notes/zh/closure.md, lines 142 to 149.

package main

import "fmt"

func main() {
	var ps []*int
	for i := 0; i < 3; i++ {
		ps = append(ps, &i)
	}
	fmt.Println(ps[0] == ps[1])         // false（Go 1.22 之前是 true）
	fmt.Println(*ps[0], *ps[1], *ps[2]) // Go 1.22 起: 0 1 2
}
