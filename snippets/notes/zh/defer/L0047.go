// From notes/zh/defer.md, lines 47 to 71.

package main

import "fmt"

func calc(name string, a, b int) int {
	ret := a + b
	fmt.Println(name, a, b, ret)
	return ret
}

func main() {
	a, b := 1, 2
	defer calc("1", a, calc("10", a, b))
	a = 0
	defer calc("2", a, calc("20", a, b))
	b = 1
}
