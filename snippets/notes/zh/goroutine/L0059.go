// From notes/zh/goroutine.md, lines 59 to 76.

package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go func(i int) {
			defer wg.Done()
			fmt.Println("worker", i)
		}(i)
	}
	wg.Wait()
	fmt.Println("done")
}
