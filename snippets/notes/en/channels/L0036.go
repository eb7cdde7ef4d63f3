// From notes/en/channels.md, lines 36 to 48.

package main

import "fmt"

func main() {
	ch := make(chan int, 2)
	for i := 1; i <= 3; i++ {
		ch <- i
		fmt.Println("sent", i)
	}
}
