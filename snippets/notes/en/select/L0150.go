// From notes/en/select.md, lines 150 to 181.

package main

import "fmt"

func ch(name string, c chan int) chan int {
	fmt.Println("channel", name)
	return c
}

func val(n int) int {
	fmt.Println("value", n)
	return n
}

func main() {
	ready := make(chan int, 1)
	select {
	case ch("a", nil) <- val(1):
	case ch("b", ready) <- val(2):
	}
	fmt.Println(<-ready)
}
