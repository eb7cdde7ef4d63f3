// From notes/zh/goroutine.md, lines 283 to 299.

package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer fmt.Println("deferred")
		func() {
			fmt.Println("before")
			runtime.Goexit()
		}()
		fmt.Println("after")
	}()
	wg.Wait()
}
