// From notes/zh/defer.md, lines 15 to 26.

package main

import "fmt"

func main() {
	defer func() { fmt.Println("1") }()
	defer func() { fmt.Println("2") }()
	defer func() { fmt.Println("3") }()
	panic("boom")
}
