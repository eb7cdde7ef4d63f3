// From notes/zh/defer.md, lines 7 to 11.

package main

import "fmt"

func main() {
	for i := 0; i < 3; i++ {
		defer fmt.Println(i) // 依次输出 2 1 0
	}
}
