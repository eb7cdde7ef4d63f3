// From notes/en/worker-pools.md, lines 58 to 81.

package main

import (
	"fmt"
	"strings"
	"sync"
)

func parallelMap(in []string, workers int, f func(string) string) []string {
	out := make([]string, len(in))
	next := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next {
				out[i] = f(in[i])
			}
		}()
	}
	for i := range in {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}

func main() {
	fmt.Println(parallelMap([]string{"a", "b", "c"}, 2, strings.ToUpper)) // [A B C]
}
