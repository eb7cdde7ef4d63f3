// From notes/en/select.md, lines 113 to 121.

package main

import (
	"fmt"
	"time"
)

func main() {
	ch := make(chan int)
	select {
	case <-ch:
		fmt.Println("received")
	case <-time.After(10 * time.Millisecond):
		fmt.Println("timeout") // Output: timeout
	}
}
