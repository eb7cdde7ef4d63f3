// From notes/en/locks.md, lines 159 to 186.

package main

import (
	"fmt"
	"sync"
)

func main() {
	var a, b sync.Mutex
	var wg, both sync.WaitGroup
	lock := func(first, second *sync.Mutex) {
		defer wg.Done()
		first.Lock()
		both.Done()
		both.Wait() // now each holds its first lock
		second.Lock()
		second.Unlock()
		first.Unlock()
	}
	wg.Add(2)
	both.Add(2)
	go lock(&a, &b)
	go lock(&b, &a)
	wg.Wait()
	fmt.Println("not reached")
}
