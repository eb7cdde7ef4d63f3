// From notes/zh/goroutine.md, lines 100 to 111.

package main

import "sync"

func main() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { defer wg.Done() }()
	wg.Wait() // fatal error: all goroutines are asleep - deadlock!
}
