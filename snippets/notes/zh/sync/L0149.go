// From notes/zh/sync.md, lines 149 to 152.

package main

import "sync"

func main() {
	cond := sync.NewCond(&sync.Mutex{})
	cond.Wait() // fatal error: sync: unlock of unlocked mutex
}
