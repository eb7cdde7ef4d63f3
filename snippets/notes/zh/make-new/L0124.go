// From notes/zh/make-new.md, lines 124 to 128.

package main

import (
	"fmt"
	"unsafe"
)

func main() {
	fmt.Println(unsafe.Sizeof(struct{}{}))                 // 0
	fmt.Println(unsafe.Sizeof([100]struct{}{}))            // 0
	fmt.Println(unsafe.Sizeof(""), unsafe.Sizeof([]int{})) // 16 24
}
