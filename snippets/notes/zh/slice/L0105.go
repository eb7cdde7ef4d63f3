// From notes/zh/slice.md, lines 105 to 123.

package main

import "fmt"

var nums []int

func main() {
	last := -1
	for i := 0; i < 1000; i++ {
		nums = append(nums, i)
		if c := cap(nums); c != last {
			fmt.Print(c, " ")
			last = c
		}
	}
	fmt.Println()
}
