// From notes/en/slices.md, lines 159 to 167.

package main

import "fmt"

func main() {
	s := make([]int, 2, 4)
	i := 3
	fmt.Println(s[1:i]) // [0 0]
}
