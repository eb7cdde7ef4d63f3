// From notes/zh/defer.md, lines 220 to 233.

package main

import (
	"fmt"
	"os"
)

func main() {
	defer fmt.Println("never printed")
	fmt.Println("bye")
	os.Exit(0)
}
