// From notes/zh/defer.md, lines 142 to 147.

package main

func main() {
	defer recover()
	panic("still dies") // panic: still dies
}
