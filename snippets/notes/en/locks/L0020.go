// From notes/en/locks.md, lines 20 to 30.

package main

import "sync"

func main() {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock() // fatal error: all goroutines are asleep - deadlock!
}
