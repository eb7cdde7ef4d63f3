// From notes/zh/交替打印.md, lines 64 to 95.

package main

import (
	"fmt"
	"sync"
)

func printer(wg *sync.WaitGroup, word string, n int, in <-chan bool, out chan<- bool) {
	defer wg.Done()
	for i := 0; i < n; i++ {
		<-in
		fmt.Println(word)
		out <- true
	}
}

func main() {
	cat := make(chan bool, 1)
	dog := make(chan bool, 1)
	fish := make(chan bool, 1)

	var wg sync.WaitGroup
	wg.Add(3)
	go printer(&wg, "cat", 3, cat, dog)
	go printer(&wg, "dog", 3, dog, fish)
	go printer(&wg, "fish", 3, fish, cat)

	cat <- true
	wg.Wait()
}
