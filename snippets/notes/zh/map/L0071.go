// From notes/zh/map.md, lines 71 to 74.

package main

func main() {
	m := map[any]int{}
	m[[]int{1}] = 1 // panic: runtime error: hash of unhashable type []int
}
