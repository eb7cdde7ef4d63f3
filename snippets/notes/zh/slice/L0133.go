// From notes/zh/slice.md, lines 133 to 139.

package main

import "fmt"

func local() {
	var s []int
	s = append(s, 1)
	fmt.Println(cap(s)) // go1.25 起: 4
}

func main() {
	local()
}
