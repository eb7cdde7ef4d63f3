// From notes/zh/defer.md, lines 180 to 190.

package main

import "fmt"

func twice() {
	defer func() {
		fmt.Println(recover()) // second
	}()
	defer func() {
		panic("second")
	}()
	panic("first")
}

func main() {
	twice()
}
