// From notes/zh/closure.md, lines 167 to 178.

package main

import "fmt"

func localSum(xs []int) int {
	total := 0 // 栈上
	add := func(x int) { total += x }
	for _, x := range xs {
		add(x)
	}
	return total
}

func main() {
	fmt.Println(localSum([]int{1, 2, 3})) // 6
}
