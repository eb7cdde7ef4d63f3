// From notes/en/locks.md, lines 210 to 225.

package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

type SpinLock struct{ held atomic.Bool }

func (l *SpinLock) Lock() {
	for !l.held.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
}

func (l *SpinLock) Unlock() { l.held.Store(false) }

func main() {
	var l SpinLock
	total := 0
	var wg sync.WaitGroup
	for i := 1; i <= 10; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			l.Lock()
			defer l.Unlock()
			total += i
		}()
	}
	wg.Wait()
	fmt.Println(total) // 55
}
