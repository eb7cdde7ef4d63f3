// From notes/en/locks.md, lines 53 to 62.

package main

import (
	"fmt"
	"sync"
)

func main() {
	var rw sync.RWMutex
	rw.RLock()
	fmt.Println(rw.TryRLock()) // true
	fmt.Println(rw.TryLock())  // false
	rw.RUnlock()
	rw.RUnlock()
	fmt.Println(rw.TryLock())  // true
	fmt.Println(rw.TryRLock()) // false
}
