// From notes/en/escape.md, lines 35 to 39.

package main

func table() []int {
	return make([]int, 16) // make([]int, 16) escapes to heap
}

func main() {
	table()
}
