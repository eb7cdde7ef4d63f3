// From notes/zh/goroutine.md, lines 141 to 162.

package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	counter := 0
	for i := 0; i < 1000; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			counter++ // 数据竞争
		}()
	}
	wg.Wait()
	fmt.Println(counter) // 可能小于 1000
}
