// From notes/zh/defer.md, lines 149 to 166.

package main

import (
	"fmt"
	"time"
)

func main() {
	defer func() {
		fmt.Println("recover:", recover())
	}()
	go func() {
		panic("in goroutine")
	}()
	time.Sleep(time.Second)
}
