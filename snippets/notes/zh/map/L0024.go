// From notes/zh/map.md, lines 24 to 31.

package main

import "fmt"

func main() {
	m := map[string]int{"c": 3, "a": 1, "b": 2}
	fmt.Println(m) // map[a:1 b:2 c:3]
	for k, v := range m {
		fmt.Println(k, v)
	}
}
