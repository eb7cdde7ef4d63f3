// From notes/en/closures.md, lines 96 to 103.

package main

import "fmt"

func main() {
	var got []int
	for i := 0; i < 6; i++ {
		got = append(got, i)
		i++
	}
	fmt.Println(got) // [0 2 4]
}
