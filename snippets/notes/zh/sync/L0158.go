// From notes/zh/sync.md, lines 158 to 176.

package main

import (
	"fmt"
	"sync"
)

func main() {
	var m sync.Map
	m.Store("a", 1)
	v, ok := m.Load("a")
	fmt.Println(v, ok) // 1 true
	v, loaded := m.LoadOrStore("a", 100)
	fmt.Println(v, loaded) // 1 true
	v, loaded = m.LoadOrStore("b", 200)
	fmt.Println(v, loaded) // 200 false
	v, loaded = m.LoadAndDelete("a")
	fmt.Println(v, loaded) // 1 true
	_, ok = m.Load("a")
	fmt.Println(ok)                              // false
	fmt.Println(m.CompareAndSwap("b", 200, 201)) // true
	fmt.Println(m.Swap("b", 300))                // 201 true
}
