// From notes/en/maps.md, lines 95 to 119.

package main

import (
	"fmt"
	"sync"
)

func main() {
	m := map[int]int{}
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { recover() }()
			for i := range 10000 {
				m[i%4] = g
			}
		}()
	}
	wg.Wait()
	fmt.Println("lucky")
}
