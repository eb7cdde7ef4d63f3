// From notes/zh/map.md, lines 78 to 87.

package main

import (
	"fmt"
	"math"
)

func main() {
	m := map[float64]int{}
	m[math.NaN()] = 1
	m[math.NaN()] = 2
	fmt.Println(len(m)) // 2
	_, ok := m[math.NaN()]
	fmt.Println(ok) // false
	clear(m)
	fmt.Println(len(m)) // 0
}
