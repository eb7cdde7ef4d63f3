// From notes/zh/defer.md, lines 34 to 43.

package main

import "fmt"

func deferArgs() {
	x := 1
	defer fmt.Println("参数:", x) // 输出: 参数: 1
	defer func() {
		fmt.Println("闭包:", x) // 输出: 闭包: 3
	}()
	x = 3
}

func main() {
	deferArgs()
}
