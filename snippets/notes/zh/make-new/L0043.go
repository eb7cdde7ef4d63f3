// From notes/zh/make-new.md, lines 43 to 47.

package main

import "fmt"

func main() {
	s := new([]int)
	*s = append(*s, 1, 2)
	fmt.Println(*s, len(*s)) // [1 2] 2
}
