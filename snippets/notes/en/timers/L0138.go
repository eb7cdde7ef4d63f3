// From notes/en/timers.md, lines 138 to 158.

package main

import (
	"fmt"
	"time"
)

func main() {
	fired := make(chan int, 10)
	var timer *time.Timer
	for i := 1; i <= 3; i++ {
		if timer != nil {
			timer.Stop()
		}
		timer = time.AfterFunc(20*time.Millisecond, func() { fired <- i })
	}
	fmt.Println(<-fired)    // 3
	fmt.Println(len(fired)) // 0
}
