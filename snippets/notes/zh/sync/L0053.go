// From notes/zh/sync.md, lines 53 to 60.

package main

import (
	"fmt"
	"sync"
)

func main() {
	n := 0
	get := sync.OnceValue(func() int {
		n++
		return 42
	})
	fmt.Println(get(), get(), n) // 42 42 1
}
