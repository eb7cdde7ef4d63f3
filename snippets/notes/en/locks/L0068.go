// From notes/en/locks.md, lines 68 to 92.

package main

import (
	"fmt"
	"sync"
)

var counter int

func main() {
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 1000 {
				counter++ // DATA RACE
			}
		}()
	}
	wg.Wait()
	fmt.Println("done")
}
