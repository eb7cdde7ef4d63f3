// From notes/zh/closure.md, lines 128 to 134.

package main

import "fmt"

func deferLoop() {
	for i := 0; i < 3; i++ {
		defer func() { fmt.Print(i, " ") }()
	}
}

func main() {
	deferLoop()
}
