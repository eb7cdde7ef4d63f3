// From notes/en/channels.md, lines 162 to 177.

package main

import "fmt"

func main() {
	type request struct {
		n     int
		reply chan int
	}
	requests := make(chan request)
	go func() {
		for r := range requests {
			r.reply <- r.n * r.n
		}
	}()
	r := request{n: 12, reply: make(chan int)}
	requests <- r
	fmt.Println(<-r.reply) // 144
}
