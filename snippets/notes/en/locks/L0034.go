// From notes/en/locks.md, lines 34 to 47.

package main

import (
	"fmt"
	"sync"
)

func main() {
	defer func() { fmt.Println("recovered", recover()) }()
	var mu sync.Mutex
	mu.Unlock() // fatal error: sync: unlock of unlocked mutex
}
