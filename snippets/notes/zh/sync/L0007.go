// From notes/zh/sync.md, lines 7 to 13.

package main

import (
	"fmt"
	"sync"
)

func main() {
	var once sync.Once
	for i := 0; i < 3; i++ {
		once.Do(func() { fmt.Println("init", i) }) // 输出: init 0
	}
	once.Do(func() { fmt.Println("不会执行") })
}
