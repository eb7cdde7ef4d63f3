// From notes/zh/make-new.md, lines 27 to 31.

package main

import "fmt"

func main() {
	m := new(map[string]int)
	fmt.Println(*m == nil, len(*m)) // true 0
	(*m)["a"] = 1                   // panic: assignment to entry in nil map
}
