// From notes/zh/goroutine.md, lines 113 to 132.

package main

import (
	"fmt"
	"sync"
)

func work(wg sync.WaitGroup) {
	defer wg.Done()
	fmt.Println("work")
}

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	work(wg)
	wg.Wait()
}
