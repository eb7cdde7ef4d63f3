// From notes/zh/channel.md, lines 87 to 108.

package main

import "fmt"

func produce(n int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := 1; i <= n; i++ {
			out <- i * i
		}
	}()
	return out
}

func main() {
	for v := range produce(4) {
		fmt.Println(v)
	}
}
