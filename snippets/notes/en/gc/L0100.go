// From notes/en/gc.md, lines 100 to 109.

package main

import "fmt"

func main() {
	m := make(map[int]int)
	for i := range 1000 {
		m[i] = i
	}
	for k := range m {
		delete(m, k)
	}
	fmt.Println(len(m)) // 0
}
