// From notes/zh/交替打印.md, lines 146 to 175.

package main

import (
	"fmt"
	"sync"
)

func oddEven(n int) {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	turn := 1
	var wg sync.WaitGroup
	for id := 0; id < 2; id++ {
		wg.Add(1)
		go func(id int) {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			for {
				for turn <= n && turn%2 != id {
					cond.Wait()
				}
				if turn > n {
					return
				}
				fmt.Print(turn, " ")
				turn++
				cond.Broadcast()
			}
		}(id)
	}
	wg.Wait()
}

func main() {
	oddEven(10) // 输出: 1 2 3 4 5 6 7 8 9 10
}
