// From notes/zh/slice.md, lines 193 to 200.

package main

import "fmt"

func main() {
	dst := make([]int, 2)
	n := copy(dst, []int{7, 8, 9})
	fmt.Println(n, dst) // 2 [7 8]
	var none []int
	fmt.Println(copy(none, []int{1})) // 0
}
