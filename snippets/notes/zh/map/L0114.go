// From notes/zh/map.md, lines 114 to 119.

package main

import (
	"fmt"
	"maps"
)

func main() {
	a := map[int]int{1: 1}
	b := map[int]int{1: 1}
	// fmt.Println(a == b) // 编译错误：invalid operation: a == b (map can only be compared to nil)
	fmt.Println(maps.Equal(a, b)) // true
}
