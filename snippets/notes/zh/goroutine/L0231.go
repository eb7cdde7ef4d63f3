// From notes/zh/goroutine.md, lines 231 to 253.

package main

import (
	"fmt"
	"runtime"
)

func leak() {
	ch := make(chan int)
	go func() {
		<-ch // 永久阻塞：没有人会往 ch 里写
	}()
}

func main() {
	fmt.Println(runtime.NumGoroutine()) // 1
	for i := 0; i < 10; i++ {
		leak()
	}
	fmt.Println(runtime.NumGoroutine()) // 11
}
