// From notes/zh/scheduler.md, lines 153 to 162.

package main

import "fmt"

func depth(n int) int {
	if n == 0 {
		return 0
	}
	return depth(n-1) + 1
}

func main() {
	fmt.Println(depth(100000)) // 100000
}
