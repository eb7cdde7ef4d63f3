// From notes/en/structs.md, lines 60 to 71.

package main

import "fmt"

func main() {
	x := struct {
		a int
		b string
	}{1, "x"}
	y := struct {
		b string
		a int
	}{"x", 1}
	// fmt.Println(x == y) // compile error
	fmt.Println(x.a == y.a, x.b == y.b) // true true
}
