// From notes/en/channels.md, lines 20 to 30.

package main

import "fmt"

func main() {
	ch := make(chan string, 1)
	ch <- "last"
	close(ch)
	v, ok := <-ch
	fmt.Printf("%q %t\n", v, ok) // "last" true
	v, ok = <-ch
	fmt.Printf("%q %t\n", v, ok) // "" false
}
