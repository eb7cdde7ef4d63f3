// From notes/zh/make-new.md, lines 64 to 70.

package main

import "fmt"

func main() {
	m := make(map[int]int, 1)
	for i := 0; i < 100; i++ {
		m[i] = i
	}
	fmt.Println(len(m)) // 100
}
