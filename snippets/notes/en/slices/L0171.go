// From notes/en/slices.md, lines 171 to 178.

package main

import (
	"fmt"
	"reflect"
)

func main() {
	var a []int
	b := []int{}
	fmt.Println(a == nil, b == nil)      // true false
	fmt.Println(len(a), len(b))          // 0 0
	fmt.Println(reflect.DeepEqual(a, b)) // false
	fmt.Printf("%v %#v %#v\n", a, a, b)  // [] []int(nil) []int{}
}
