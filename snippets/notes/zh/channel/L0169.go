// From notes/zh/channel.md, lines 169 to 175.

package main

import "fmt"

func main() {
	a := make(chan int)
	b := make(chan int)
	c := a
	fmt.Println(a == b) // false
	fmt.Println(a == c) // true
}
