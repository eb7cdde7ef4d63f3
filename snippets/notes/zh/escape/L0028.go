// From notes/zh/escape.md, lines 28 to 35.

package main

var global *int

func save() {
	x := 42 // moved to heap: x
	global = &x
}

func main() {
	save()
}
