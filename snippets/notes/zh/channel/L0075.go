// From notes/zh/channel.md, lines 75 to 81.

package main

import "fmt"

func main() {
	var ch chan int
	fmt.Println(ch == nil, len(ch), cap(ch)) // true 0 0
}
