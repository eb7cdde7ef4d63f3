// From notes/zh/make-new.md, lines 54 to 60.

package main

func main() {
	n := -1
	// s := make([]int, -1) // 编译错误：invalid argument: index -1 (constant of type int) must not be negative
	// t := make([]int, 3, 2) // 编译错误：invalid argument: length and capacity swapped
	s := make([]int, n) // panic: runtime error: makeslice: len out of range
	_ = s
}
