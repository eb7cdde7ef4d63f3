// From notes/en/structs.md, lines 35 to 41.

package main

import "fmt"

func main() {
	type Box struct{ v any }
	fmt.Println(Box{1} == Box{1})               // true
	fmt.Println(Box{1} == Box{"1"})             // false
	fmt.Println(Box{[]int{1}} == Box{[]int{1}}) // panic: runtime error: comparing uncomparable type []int
}
