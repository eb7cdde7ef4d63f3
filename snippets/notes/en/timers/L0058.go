// From notes/en/timers.md, lines 58 to 70.

package main

import (
	"fmt"
	"time"
)

func main() {
	ticker := time.NewTicker(3 * time.Millisecond)
	n := 0
	for range ticker.C {
		n++
		if n == 3 {
			ticker.Stop()
			break
		}
	}
	fmt.Println(n) // 3
}
