// From notes/en/gc.md, lines 29 to 32.

package main

import (
	"fmt"
	"runtime/debug"
)

func main() {
	fmt.Println(debug.SetGCPercent(50))  // 100
	fmt.Println(debug.SetGCPercent(100)) // 50
}
