// From notes/zh/channel.md, lines 42 to 55.

package main

import "fmt"

func main() {
	ch := make(chan int, 2)
	ch <- 10
	ch <- 20
	close(ch)
	v, ok := <-ch
	fmt.Println(v, ok) // 10 true
	v, ok = <-ch
	fmt.Println(v, ok) // 20 true
	v, ok = <-ch
	fmt.Println(v, ok) // 0 false
	fmt.Println(<-ch)  // 0
}
