// From notes/en/select.md, lines 127 to 144.

package main

import "fmt"

func main() {
	ch := make(chan int, 3)
	ch <- 1
	ch <- 2
	ch <- 3
	n := 0
loop:
	for {
		select {
		case <-ch:
			n++
			break
		default:
			break loop
		}
	}
	fmt.Println("received", n) // received 3
}
