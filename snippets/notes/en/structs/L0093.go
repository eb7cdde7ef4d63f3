// From notes/en/structs.md, lines 93 to 108.

package main

import (
	"fmt"
	"unsafe"
)

func main() {
	type Loose struct {
		a bool
		b int64
		c bool
	}
	type Tight struct {
		b int64
		a bool
		c bool
	}
	fmt.Println(unsafe.Sizeof(Loose{}), unsafe.Sizeof(Tight{}))         // 24 16
	fmt.Println(unsafe.Offsetof(Loose{}.b), unsafe.Offsetof(Tight{}.c)) // 8 9
}
