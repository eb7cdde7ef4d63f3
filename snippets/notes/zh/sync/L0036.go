// From notes/zh/sync.md, lines 36 to 47.

package main

import "sync"

func main() {
	var once sync.Once
	once.Do(func() {
		once.Do(func() {}) // fatal error: all goroutines are asleep - deadlock!
	})
}
