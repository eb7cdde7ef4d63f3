// From notes/en/maps.md, lines 132 to 147.

package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex
	m := map[int]int{}
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			m[i%5]++
		}()
	}
	wg.Wait()
	fmt.Println(m) // map[0:10 1:10 2:10 3:10 4:10]
}
