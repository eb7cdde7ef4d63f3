// From notes/zh/map.md, lines 199 to 208.

package main

import "fmt"

func add(m map[string]int) { m["x"] = 1 }

func reset(m map[string]int) { m = map[string]int{} }

func main() {
	m := map[string]int{}
	add(m)
	fmt.Println(len(m)) // 1
	reset(m)
	fmt.Println(len(m)) // 1
}
