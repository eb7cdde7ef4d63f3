// From notes/en/locks.md, lines 198 to 208.

package main

import (
	"runtime"
	"sync/atomic"
)

type SpinLock struct{ held atomic.Bool }

func (l *SpinLock) Lock() {
	for !l.held.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
}

func (l *SpinLock) Unlock() { l.held.Store(false) }

func main() {}
