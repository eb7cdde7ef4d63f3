// From notes/zh/defer.md, lines 239 to 252.

package main

import "fmt"

func early(skip bool) {
	if skip {
		fmt.Println("return")
		return
	}
	defer fmt.Println("deferred")
	fmt.Println("body")
}

func main() {
	early(true) // 输出: return
	early(false)
}
