// From notes/zh/map.md, lines 7 to 18.

package main

import "fmt"

func main() {
	var m map[string]int
	fmt.Println(m == nil, len(m)) // true 0
	fmt.Println(m["a"])           // 0
	v, ok := m["a"]
	fmt.Println(v, ok) // 0 false
	delete(m, "a")     // 不会 panic
	for range m {
		fmt.Println("一次也不执行")
	}
	m["a"] = 1 // panic: assignment to entry in nil map
}
