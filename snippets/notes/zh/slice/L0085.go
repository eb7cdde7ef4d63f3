// From notes/zh/slice.md, lines 85 to 101.

package main

import "fmt"

func main() {
	s := []int{1, 2, 3, 4}
	s = append(s, 5)
	fmt.Println(len(s), cap(s)) // 5 8
	t := []int{1, 2}
	t = append(t, 3, 4, 5)
	fmt.Println(len(t), cap(t)) // 5 6，要 5 个，40 字节向上取整到 48 字节
	big := make([]int, 256)
	big = append(big, 1)
	fmt.Println(cap(big)) // 512
	big = make([]int, 512)
	big = append(big, 1)
	fmt.Println(cap(big)) // 848
}
