// From notes/en/worker-pools.md, lines 146 to 154.

package main

import (
	"fmt"
	"time"
)

func main() {
	start := time.Now()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for range 3 {
		<-tick.C
	}
	fmt.Println(time.Since(start) >= 15*time.Millisecond) // true
}
