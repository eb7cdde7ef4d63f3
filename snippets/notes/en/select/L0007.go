// From notes/en/select.md, lines 7 to 29.

package main

import "fmt"

func main() {
	a, b := make(chan int, 100), make(chan int, 100)
	for range 100 {
		a <- 1
		b <- 1
	}
	fromA, fromB := 0, 0
	for range 100 {
		select {
		case <-a:
			fromA++
		case <-b:
			fromB++
		}
	}
	fmt.Println(fromA+fromB, fromA > 0, fromB > 0) // 100 true true
}
