// From notes/en/select.md, lines 33 to 43.

package main

import "fmt"

func main() {
	c1, c2 := make(chan string, 1), make(chan string, 1)
	c1 <- "one"
	c2 <- "two"
	select {
	case s := <-c1:
		fmt.Println(s)
	case s := <-c2:
		fmt.Println(s)
	}
}
