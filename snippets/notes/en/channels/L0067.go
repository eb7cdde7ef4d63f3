// From notes/en/channels.md, lines 67 to 80.

package main

import "fmt"

func main() {
	ch := make(chan int, 3)
	for i := range 3 {
		ch <- i * 10
	}
	close(ch)
	for v := range ch {
		fmt.Println(v)
	}
}
