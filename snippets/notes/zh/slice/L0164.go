// From notes/zh/slice.md, lines 164 to 169.

package main

import (
	"fmt"
	"reflect"
	"slices"
)

func main() {
	x, y := []int{1}, []int{1}
	// fmt.Println(x == y) // 编译错误：invalid operation: x == y (slice can only be compared to nil)
	fmt.Println(slices.Equal(x, y))      // true
	fmt.Println(reflect.DeepEqual(x, y)) // true
}
