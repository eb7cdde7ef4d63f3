// From notes/zh/channel.md, lines 228 to 243.

package main

import "fmt"

func safeSend(ch chan int, v int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	ch <- v
	return nil
}

func main() {
	ch := make(chan int, 1)
	fmt.Println(safeSend(ch, 1)) // <nil>
	close(ch)
	fmt.Println(safeSend(ch, 2)) // recovered: send on closed channel
}
