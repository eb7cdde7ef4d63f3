// From notes/zh/sync.md, lines 17 to 25.

package main

import (
	"fmt"
	"sync"
)

func main() {
	var once sync.Once
	try := func() {
		defer func() { fmt.Println("recover:", recover()) }()
		once.Do(func() { panic("init failed") })
	}
	try()
	try()
}
