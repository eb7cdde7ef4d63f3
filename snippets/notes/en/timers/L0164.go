// From notes/en/timers.md, lines 164 to 178.

package main

import (
	"fmt"
	"time"
)

func main() {
	for i := range time.Tick(10 * time.Millisecond) {
		_ = i
		fmt.Println("tick")
	}
}
