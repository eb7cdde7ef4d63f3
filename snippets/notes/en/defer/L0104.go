// From notes/en/defer.md, lines 104 to 119.

package main

import "fmt"

func main() {
	defer fmt.Println("main done")
	f()
	fmt.Println("not reached")
}

func f() {
	defer fmt.Println("f done")
	panic("oh no")
}
