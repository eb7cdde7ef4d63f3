// From notes/zh/make-new.md, lines 107 to 120.

package main

import "fmt"

type T struct{ n int }

func (t *T) Safe() string {
	if t == nil {
		return "nil receiver"
	}
	return "ok"
}

func main() {
	var t *T
	fmt.Println(t.Safe()) // nil receiver
	fmt.Println(t.n)      // panic: runtime error: invalid memory address or nil pointer dereference
}
