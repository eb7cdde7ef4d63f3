// From notes/en/slices.md, lines 182 to 191.

package main

import "fmt"

func main() {
	s := []int{1, 2, 3}
	a := [2]int(s)
	a[0] = 9
	fmt.Println(a, s) // [9 2] [1 2 3]
	p := (*[3]int)(s)
	p[0] = 7
	fmt.Println(s) // [7 2 3]
	_ = [4]int(s)  // panic: runtime error: cannot convert slice with length 3 to array or pointer to array with length 4
}
