// From notes/zh/channel.md, lines 67 to 71.

package main

func main() {
	ch := make(chan struct{})
	close(ch)
	close(ch) // panic: close of closed channel
}
