// From notes/zh/overflow.md, lines 42 to 49.

package main

import "fmt"

func main() {
	zero := 0.0
	fmt.Println(1/zero, -1/zero, zero/zero) // +Inf -Inf NaN
	n := 0
	// fmt.Println(1 / 0) // 编译错误：invalid operation: division by zero
	fmt.Println(10 / n) // panic: runtime error: integer divide by zero
}
