// From notes/zh/escape.md, lines 100 to 114.

package main

import "fmt"

func onStack() int {
	p := new(int) // new(int) does not escape
	*p = 7
	return *p
}

func onHeap() *int {
	p := new(int) // new(int) escapes to heap
	*p = 7
	return p
}

func main() {
	fmt.Println(onStack(), *onHeap()) // 7 7
}
