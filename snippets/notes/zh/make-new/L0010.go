// From notes/zh/make-new.md, lines 10 to 21.

package main

import "fmt"

func main() {
	p := new(int)
	fmt.Println(*p)       // 0
	fmt.Printf("%T\n", p) // *int
	s := make([]int, 2, 5)
	fmt.Println(s, len(s), cap(s)) // [0 0] 2 5
	fmt.Printf("%T\n", s)          // []int
}
