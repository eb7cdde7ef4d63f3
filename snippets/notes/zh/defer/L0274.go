// From notes/zh/defer.md, lines 274 to 285.

package main

import "fmt"

func main() {
	defer fmt.Println("还会打印")
	var f func()
	defer f() // panic: runtime error: invalid memory address or nil pointer dereference
	fmt.Println("登记成功")
}
