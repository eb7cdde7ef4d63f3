// From notes/zh/defer.md, lines 194 to 203.

package main

func main() {
	defer func() {
		panic("second")
	}()
	panic("first")
}
