// From notes/zh/scheduler.md, lines 39 to 43.

package main

import (
	"fmt"
	"runtime"
)

func main() {
	runtime.GOMAXPROCS(2)
	fmt.Println(runtime.GOMAXPROCS(1)) // 2
	fmt.Println(runtime.GOMAXPROCS(0)) // 1
}
