// From notes/zh/map.md, lines 139 to 158.

package main

import "sync"

func main() {
	m := make(map[int]int)
	var wg sync.WaitGroup
	for g := 0; g < 8; g++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := 0; i < 20000; i++ {
				m[i%8] = i
			}
		}()
	}
	wg.Wait()
}
