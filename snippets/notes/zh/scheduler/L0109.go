// From notes/zh/scheduler.md, lines 109 to 133.

package main

import (
	"fmt"
	"runtime"
)

func main() {
	runtime.GOMAXPROCS(1)
	done := make(chan bool)
	go func() {
		for i := 0; i < 2; i++ {
			fmt.Println("worker", i)
			runtime.Gosched()
		}
		done <- true
	}()
	for i := 0; i < 2; i++ {
		runtime.Gosched()
		fmt.Println("main", i)
	}
	<-done
}
