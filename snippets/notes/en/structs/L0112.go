// From notes/en/structs.md, lines 112 to 122.

package main

import (
	"fmt"
	"unsafe"
)

func main() {
	type First struct {
		_ struct{}
		n int32
	}
	type Last struct {
		n int32
		_ struct{}
	}
	fmt.Println(unsafe.Sizeof(First{}), unsafe.Sizeof(Last{})) // 4 8
}
