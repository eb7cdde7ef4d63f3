// From notes/en/timers.md, lines 77 to 88.

package main

import (
	"fmt"
	"time"
)

func main() {
	t := time.NewTimer(time.Millisecond)
	fmt.Println(cap(t.C)) // 0 (before Go 1.23: 1)
	time.Sleep(5 * time.Millisecond)
	t.Reset(time.Hour)
	select {
	case <-t.C:
		fmt.Println("stale value")
	default:
		fmt.Println("nothing to read") // since Go 1.23: nothing to read
	}
}
