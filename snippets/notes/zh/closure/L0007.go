// From notes/zh/closure.md, lines 7 to 12.

package main

import "fmt"

func main() {
	x := 1
	show := func() { fmt.Println(x) }
	x = 2
	show() // 输出: 2
}
