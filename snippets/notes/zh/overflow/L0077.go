// From notes/zh/overflow.md, lines 77 to 85.

package main

import (
	"fmt"
	"math"
)

func addUint32(a, b uint32) (uint32, bool) {
	sum := a + b
	return sum, sum >= a
}

func main() {
	fmt.Println(addUint32(1, 2))              // 3 true
	fmt.Println(addUint32(math.MaxUint32, 1)) // 0 false
}
