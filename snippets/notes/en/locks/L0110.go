// From notes/en/locks.md, lines 110 to 124.

package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	var counter atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 1000 {
				counter.Add(1)
			}
		}()
	}
	wg.Wait()
	fmt.Println(counter.Load()) // 2000
}
