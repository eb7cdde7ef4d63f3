// From notes/zh/overflow.md, lines 104 to 118.

package main

import "fmt"

func main() {
	const (
		Sunday    = iota // 0
		Monday           // 1
		_                // 跳过 2
		Wednesday        // 3
	)
	const (
		KB = 1 << (10 * (iota + 1)) // 1024
		MB                          // 1048576
	)
	fmt.Println(Sunday, Monday, Wednesday, KB, MB) // 0 1 3 1024 1048576
}
