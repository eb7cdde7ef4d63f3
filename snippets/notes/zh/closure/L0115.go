// From notes/zh/closure.md, lines 115 to 124.

package main

import "fmt"

func main() {
	var i int
	var fs []func()
	for i = 0; i < 3; i++ {
		fs = append(fs, func() { fmt.Println(i) })
	}
	for _, f := range fs {
		f() // 输出: 3, 3, 3
	}
}
