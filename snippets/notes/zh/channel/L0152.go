// From notes/zh/channel.md, lines 152 to 163.

package main

import "fmt"

func consume(in <-chan int) {
	v := <-in // 可以读
	fmt.Println("got", v)
	// in <- 1   // 编译错误：invalid operation: cannot send to receive-only channel
	// close(in) // 编译错误：invalid operation: cannot close receive-only channel in
}

func main() {
	ch := make(chan int, 1)
	ch <- 7
	consume(ch) // 输出: got 7
}
