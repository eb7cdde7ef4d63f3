// From notes/zh/overflow.md, lines 7 to 22.

package main

import (
	"fmt"
	"math"
)

func main() {
	var a uint8 = 255
	fmt.Println(a + 1) // 0
	a++
	fmt.Println(a) // 0
	var b uint8
	fmt.Println(b - 1) // 255
	var c int8 = 127
	c++
	fmt.Println(c) // -128
	var d int32 = math.MinInt32
	fmt.Println(-d, d == -d) // -2147483648 true
}
