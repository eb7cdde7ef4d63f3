// From notes/zh/交替打印.md, lines 113 to 136.

package main

import (
	"fmt"
	"sync"
)

func main() {
	a, b := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	step := func(word string, in, out chan bool) {
		defer wg.Done()
		<-in
		fmt.Println(word)
		out <- true
	}
	wg.Add(2)
	go step("ping", a, b)
	go step("pong", b, a)
	a <- true
	wg.Wait()
}
