// From notes/zh/slice.md, lines 22 to 29.

package main

import "unsafe"

// runtime/slice.go
type slice struct {
	array unsafe.Pointer
	len   int
	cap   int
}

func main() {}
