// From notes/zh/channel.md, lines 181 to 196. Its note does not declare mutex, waitq: with stand-ins it compiles, and is not to be run.

package main

import "unsafe"

type mutex struct{}

type waitq struct{}

// runtime/chan.go（节选）
type hchan struct {
	qcount   uint           // 缓冲区里的元素个数
	dataqsiz uint           // 环形队列的大小
	buf      unsafe.Pointer // 指向环形队列
	elemsize uint16
	closed   uint32
	sendx    uint  // 下一个写的位置
	recvx    uint  // 下一个读的位置
	recvq    waitq // 等着读的 goroutine
	sendq    waitq // 等着写的 goroutine
	lock     mutex
	// ...
}

func main() {}
