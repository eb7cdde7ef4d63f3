// From notes/zh/make-new.md, lines 96 to 103.

package main

import "fmt"

func main() {
	p := new(42)
	*p++
	fmt.Println(*p) // 43
	name := new("tom")
	fmt.Println(*name) // tom
}
