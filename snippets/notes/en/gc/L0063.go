// From notes/en/gc.md, lines 63 to 82.

package main

import (
	"fmt"
	"runtime"
	"weak"
)

type blob [1024]byte

func main() {
	b := new(blob)
	w := weak.Make(b)
	fmt.Println(w.Value() == b) // true
	runtime.KeepAlive(b)
	runtime.GC()
	fmt.Println(w.Value() == nil) // true
}
