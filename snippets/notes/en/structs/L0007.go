// From notes/en/structs.md, lines 7 to 19.

package main

import "fmt"

func main() {
	type P struct {
		X, Y int
		Name string
	}
	a := P{1, 2, "a"}
	b := P{1, 2, "a"}
	fmt.Println(a == b)   // true
	fmt.Println(&a == &b) // false
	b.Y = 3
	fmt.Println(a == b) // false
}
