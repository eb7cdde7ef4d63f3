// From notes/zh/交替打印.md, lines 7 to 44.

package main

import (
	"fmt"
	"sync"
)

func main() {
	number, letter := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Add(2)

	go func() {
		defer wg.Done()
		for i := 1; i <= 9; i += 2 {
			<-number
			fmt.Printf("%d%d", i, i+1)
			letter <- struct{}{}
		}
	}()

	go func() {
		defer wg.Done()
		for c := 'A'; c <= 'I'; c += 2 {
			<-letter
			fmt.Printf("%c%c", c, c+1)
			if c < 'I' {
				number <- struct{}{}
			}
		}
	}()

	number <- struct{}{}
	wg.Wait()
	fmt.Println()
}
