// From notes/en/defer.md, lines 27 to 36.

package main

import "fmt"

func args() {
	i := 1
	defer fmt.Println(i) // prints 1
	i++
	defer fmt.Println(i) // prints 2
	i++
	fmt.Println(i) // prints 3
}

func main() {
	args()
}
