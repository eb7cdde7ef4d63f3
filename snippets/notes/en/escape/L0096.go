// From notes/en/escape.md, lines 96 to 102.

package main

var sink any

func box(v int) {
	sink = v // v escapes to heap
}

func main() {}
