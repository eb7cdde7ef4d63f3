// From notes/en/locks.md, lines 145 to 153.

package main

import (
	"fmt"
	"sync/atomic"
)

func main() {
	var v atomic.Value
	fmt.Println(v.Load()) // <nil>
	v.Store("a")
	v.Store("b")
	fmt.Println(v.Load()) // b
}
