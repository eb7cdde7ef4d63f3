// From notes/zh/goroutine.md, lines 93 to 98.

package main

import "sync"

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	wg.Done()
	wg.Done() // panic: sync: negative WaitGroup counter
}
