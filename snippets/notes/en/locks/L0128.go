// From notes/en/locks.md, lines 128 to 139.

package main

import (
	"fmt"
	"sync/atomic"
)

func main() {
	var n atomic.Int32
	fmt.Println(n.CompareAndSwap(0, 10)) // true
	fmt.Println(n.CompareAndSwap(0, 20)) // false
	fmt.Println(n.Load())                // 10
	fmt.Println(n.Swap(30), n.Load())    // 10 30
	fmt.Println(n.Add(-31))              // -1
	var u atomic.Uint32
	u.Store(5)
	fmt.Println(u.Add(^uint32(0))) // 4
}
