// From notes/en/maps.md, lines 79 to 88.

package main

import "fmt"

func main() {
	m := map[int]int{}
	for i := range 10 {
		m[i] = i
	}
	for k := range m {
		delete(m, k)
	}
	fmt.Println(len(m)) // 0
}
