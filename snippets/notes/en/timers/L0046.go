// From notes/en/timers.md, lines 46 to 54.

package main

import (
	"fmt"
	"time"
)

func main() {
	done := make(chan string)
	time.AfterFunc(5*time.Millisecond, func() { done <- "ring" })
	fmt.Println("waiting")
	fmt.Println(<-done)
}
