// From notes/zh/escape.md, lines 120 to 130.

package main

import "fmt"

func main() {
	x := 1000
	x++
	fmt.Println(x)
}
