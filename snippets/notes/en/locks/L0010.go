// From notes/en/locks.md, lines 10 to 16.

package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex
	fmt.Println(mu.TryLock()) // true
	fmt.Println(mu.TryLock()) // false
	mu.Unlock()
	fmt.Println(mu.TryLock()) // true
}
