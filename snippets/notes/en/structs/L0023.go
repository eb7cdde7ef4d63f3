// From notes/en/structs.md, lines 23 to 31.

package main

import (
	"fmt"
	"reflect"
)

func main() {
	type S struct {
		Tags []string
	}
	s1, s2 := S{}, S{}
	// fmt.Println(s1 == s2) // compile error: invalid operation: s1 == s2 (struct containing []string cannot be compared)
	fmt.Println(reflect.DeepEqual(s1, s2)) // true
}
