// From notes/zh/overflow.md, lines 66 to 71.

package main

import "fmt"

func main() {
	var i int = 1
	var j int64 = 2
	// fmt.Println(i + j)     // 编译错误：invalid operation: i + j (mismatched types int and int64)
	fmt.Println(int64(i) + j) // 3
}
