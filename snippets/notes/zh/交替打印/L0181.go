// From notes/zh/交替打印.md, lines 181 to 201.

package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

func main() {
	var turn atomic.Int32
	var wg sync.WaitGroup
	for id := int32(0); id < 3; id++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for round := int32(0); round < 2; round++ {
				for turn.Load() != round*3+id {
					runtime.Gosched()
				}
				fmt.Print(string(rune('A' + id)))
				turn.Add(1)
			}
		}()
	}
	wg.Wait()
	fmt.Println()
}
