// From notes/en/worker-pools.md, lines 87 to 105.

package main

import "sync"

func main() {
	results := make(chan int)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results <- i // blocks forever
		}()
	}
	wg.Wait()
	close(results)
}
