// From notes/zh/channel.md, lines 11 to 18.

package main

import "fmt"

func main() {
	ch := make(chan int, 3)
	ch <- 1
	ch <- 2
	fmt.Println(len(ch), cap(ch)) // 输出: 2 3
	fmt.Println(<-ch)             // 输出: 1
	fmt.Println(len(ch))          // 输出: 1
}
