// From notes/zh/escape.md, lines 66 to 72.

package main

var out any

func box(n int) {
	out = n // n escapes to heap
}

func main() {}
