// From notes/zh/closure.md, lines 97 to 109.

package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	sum := make([]int, 3)
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go func(n int) {
			defer wg.Done()
			sum[n] = n * n
		}(i)
	}
	wg.Wait()
	fmt.Println(sum) // [0 1 4]
}
