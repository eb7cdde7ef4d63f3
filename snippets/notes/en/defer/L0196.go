// From notes/en/defer.md, lines 196 to 209.

package main

import (
	"fmt"
	"os"
)

func main() {
	defer fmt.Println("cleanup")
	fmt.Println("exiting")
	os.Exit(3)
}
