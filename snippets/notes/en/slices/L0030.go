// From notes/en/slices.md, lines 30 to 39.

package main

import "fmt"

func main() {
	s1 := make([]int, 3, 4) // len=3 cap=4
	s2 := append(s1, 1)
	s3 := append(s1, 2)
	fmt.Println(s2[3], s3[3]) // 2 2
	s4 := append(s3, 5)       // a new array
	s4[0] = 9
	fmt.Println(s3[0], s4[0]) // 0 9
}
