// From notes/zh/channel.md, lines 59 to 63.

package main

func main() {
	ch := make(chan int, 1)
	close(ch)
	ch <- 1 // panic: send on closed channel
}
