// From notes/en/structs.md, lines 47 to 56.

package main

import "fmt"

func main() {
	type A struct{ N int }
	type B struct{ N int }
	a, b := A{1}, B{1}
	// fmt.Println(a == b) // compile error: invalid operation: a == b (mismatched types A and B)
	fmt.Println(a == A(b)) // true
	c := struct{ N int }{1}
	fmt.Println(a == c, b == c) // true true
}
