// From notes/zh/overflow.md, lines 89 to 98.

package main

import (
	"fmt"
	"math"
)

func addInt64(a, b int64) (int64, bool) {
	sum := a + b
	return sum, (sum > a) == (b > 0)
}

func main() {
	fmt.Println(addInt64(math.MaxInt64, 1))  // -9223372036854775808 false
	fmt.Println(addInt64(math.MinInt64, -1)) // 9223372036854775807 false
	fmt.Println(addInt64(5, -7))             // -2 true
}
