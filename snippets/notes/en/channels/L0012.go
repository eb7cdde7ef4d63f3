// From notes/en/channels.md, lines 12 to 18.

package main

import "fmt"

func main() {
	var ch chan int
	// ch <- 1   // blocks forever
	// <-ch      // blocks forever
	// close(ch) // panic: close of nil channel
	fmt.Println(ch == nil) // prints true
}
