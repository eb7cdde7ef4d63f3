// From notes/zh/overflow.md, lines 28 to 35.

package main

import "fmt"

func main() {
	const big = 1 << 100
	fmt.Println(big >> 98) // 4
}
