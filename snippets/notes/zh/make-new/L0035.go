// From notes/zh/make-new.md, lines 35 to 39.

package main

import "fmt"

func main() {
	c := new(chan int)
	fmt.Println(*c == nil) // true
}
