// From notes/zh/closure.md, lines 33 to 47.

package main

import "fmt"

func main() {
	var funcs []func()
	for i := 0; i < 3; i++ {
		funcs = append(funcs, func() { fmt.Println(i) })
	}
	for _, f := range funcs {
		f() // Go 1.22 之前输出 3 3 3，Go 1.22 起输出 0 1 2
	}
}
