// From notes/en/gc.md, lines 126 to 129.

package main

import "fmt"

func main() {
	x := new(int)
	fmt.Printf("%p\n", x)
}
