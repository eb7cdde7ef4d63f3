// From notes/zh/interface.md, lines 123 to 131.

package main

import "fmt"

func main() {
	var a, b any = 1, 1
	fmt.Println(a == b) // true
	b = int64(1)
	fmt.Println(a == b) // false
	var x, y any = []int{1}, []int{1}
	fmt.Println(x == y) // panic: runtime error: comparing uncomparable type []int
}
