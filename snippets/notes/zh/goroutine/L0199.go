// From notes/zh/goroutine.md, lines 199 to 220.

package main

import (
	"fmt"
	"sync"
)

func Go(wg *sync.WaitGroup, f func()) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() {
			if r := recover(); r != nil {
				fmt.Println("recovered:", r)
			}
		}()
		f()
	}()
}

func main() {
	var wg sync.WaitGroup
	Go(&wg, func() {
		var a []int
		_ = a[0]
	})
	wg.Wait()
	fmt.Println("还活着")
}
