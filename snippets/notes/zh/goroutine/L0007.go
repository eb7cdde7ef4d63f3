// From notes/zh/goroutine.md, lines 7 to 22.

package main

import (
	"fmt"
	"time"
)

func main() {
	go func() {
		defer fmt.Println("清理")
		time.Sleep(time.Hour)
	}()
	fmt.Println("main 结束")
}
