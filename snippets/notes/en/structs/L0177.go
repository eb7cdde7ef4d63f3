// From notes/en/structs.md, lines 177 to 186.

package main

func main() {
	type T struct{ a, b int }
	_ = T{1, 2}
	_ = T{b: 2}
}
