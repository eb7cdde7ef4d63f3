// From notes/zh/slice.md, lines 143 to 160.

package main

import (
	"encoding/json"
	"fmt"
)

func main() {
	var a []int
	b := []int{}
	c := make([]int, 0)
	fmt.Println(a == nil, b == nil, c == nil) // true false false
	fmt.Println(len(a), len(b), len(c))       // 0 0 0
	fmt.Println(a, b, c)                      // [] [] []
	ja, _ := json.Marshal(a)
	jb, _ := json.Marshal(b)
	fmt.Println(string(ja), string(jb)) // null []
	for range a {
		fmt.Println("不会执行")
	}
	a = append(a, 1) // nil 切片可以直接 append，不会 panic
	fmt.Println(a)   // [1]
}
