// From notes/zh/sync.md, lines 102 to 106.

package main

import (
	"fmt"
	"sync"
)

func main() {
	pool := sync.Pool{New: func() any { return "new" }}
	pool.Put("old")
	fmt.Println(pool.Get()) // 可能是 old，也可能是 new
}
