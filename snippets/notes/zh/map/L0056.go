// From notes/zh/map.md, lines 56 to 67.

package main

import "fmt"

func main() {
	type Point struct{ X, Y int }
	m := map[Point]string{{1, 2}: "p"}
	fmt.Println(m[Point{1, 2}]) // p
	n := map[any]int{1: 1, "1": 2, 1.0: 3}
	fmt.Println(len(n))       // 3
	fmt.Println(n[1], n[1.0]) // 1 3
}
