// From notes/zh/channel.md, lines 121 to 134.

package main

import "fmt"

func main() {
	ch := make(chan string, 2)
	ch <- "a"
	ch <- "b"
	for s := range ch {
		fmt.Println(s)
	}
}
