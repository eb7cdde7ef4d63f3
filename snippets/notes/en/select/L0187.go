// From notes/en/select.md, lines 187 to 194.

package main

func main() {
	ch := make(chan int)
	close(ch)
	select {
	case ch <- 1: // panic: send on closed channel
	default:
	}
}
