// From notes/en/context.md, lines 103 to 140.

package main

import (
	"context"
	"fmt"
	"sync"
)

func worker(ctx context.Context, jobs <-chan int, results chan<- int) {
	for {
		select {
		case <-ctx.Done():
			return
		case j := <-jobs:
			results <- j * 2
		}
	}
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	jobs, results := make(chan int), make(chan int)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		worker(ctx, jobs, results)
	}()
	for i := 1; i <= 3; i++ {
		jobs <- i
		fmt.Println(<-results)
	}
	cancel()
	wg.Wait()
	fmt.Println("stopped")
}
