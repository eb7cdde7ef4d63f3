// From notes/en/channels.md, lines 126 to 135.

package main

import "fmt"

func main() {
	c := make(chan int, 1)
	var send chan<- int = c
	var recv <-chan int = c
	send <- 5
	fmt.Println(<-recv) // 5
	// <-send            // compile error: invalid operation: cannot receive from send-only channel send
	// var back chan int = recv // compile error: cannot use recv
	fmt.Printf("%T %T\n", send, recv) // chan<- int <-chan int
}
