// From notes/zh/channel.md, lines 212 to 224.

package main

import "fmt"

func main() {
	data := make(chan int, 1)
	done := make(chan struct{})
	close(done)
	data <- 1
	select {
	case <-done:
		fmt.Println("stop") // 输出: stop
	default:
		fmt.Println("running")
	}
}
