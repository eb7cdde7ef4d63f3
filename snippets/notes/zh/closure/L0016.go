// From notes/zh/closure.md, lines 16 to 29.

package main

import "fmt"

func counter() func() int {
	n := 0
	return func() int {
		n++
		return n
	}
}

func main() {
	a, b := counter(), counter()
	fmt.Println(a()) // 1
	fmt.Println(a()) // 2
	fmt.Println(b()) // 1
}
