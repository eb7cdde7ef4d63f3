// From notes/zh/sync.md, lines 180 to 192.

package main

import (
	"fmt"
	"sync"
)

func main() {
	var m sync.Map
	for i := 0; i < 5; i++ {
		m.Store(i, i*i)
	}
	n := 0
	m.Range(func(k, v any) bool {
		n++
		return n < 3
	})
	fmt.Println(n) // 3
}
