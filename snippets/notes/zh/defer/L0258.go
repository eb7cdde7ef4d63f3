// From notes/zh/defer.md, lines 258 to 268.

package main

import (
	"fmt"
	"runtime"
)

func main() {
	defer func() {
		r := recover()
		fmt.Printf("%T\n", r) // *runtime.PanicNilError
		_, ok := r.(runtime.Error)
		fmt.Println(r == nil, ok) // false true
	}()
	panic(nil)
}
