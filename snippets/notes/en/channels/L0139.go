// From notes/en/channels.md, lines 139 to 156.

package main

import "fmt"

func fib(n int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		a, b := 0, 1
		for range n {
			out <- a
			a, b = b, a+b
		}
	}()
	return out
}

func main() {
	for v := range fib(8) {
		fmt.Print(v, " ") // 0 1 1 2 3 5 8 13
	}
}
