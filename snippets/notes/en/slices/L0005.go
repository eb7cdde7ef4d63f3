// From notes/en/slices.md, lines 5 to 14.

package main

import "fmt"

func double(a [3]int) { a[0] *= 2 }

func doubleAll(s []int) {
	for i := range s {
		s[i] *= 2
	}
}

func main() {
	arr := [3]int{1, 2, 3}
	double(arr)
	fmt.Println(arr) // [1 2 3]
	doubleAll(arr[:])
	fmt.Println(arr) // [2 4 6]
}
