// From notes/en/gc.md, lines 36 to 38.

package main

import (
	"fmt"
	"math"
	"runtime/debug"
)

func main() {
	fmt.Println(debug.SetMemoryLimit(-1) == math.MaxInt64) // true
}
