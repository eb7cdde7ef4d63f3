// From notes/en/select.md, lines 49 to 64.

package main

import "fmt"

func main() {
	ch := make(chan int)
	select {
	case v := <-ch:
		fmt.Println("got", v)
	default:
		fmt.Println("empty") // prints empty
	}
	select {
	case ch <- 1:
		fmt.Println("sent")
	default:
		fmt.Println("nobody listens") // prints nobody listens
	}
}
