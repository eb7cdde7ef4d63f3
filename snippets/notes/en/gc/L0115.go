// From notes/en/gc.md, lines 115 to 120.

package main

import (
	"fmt"
	"unsafe"
)

func main() {
	fmt.Println(unsafe.Sizeof(int(0)))           // 8
	fmt.Println(unsafe.Sizeof(""))               // 16
	fmt.Println(unsafe.Sizeof([]byte(nil)))      // 24
	fmt.Println(unsafe.Sizeof(map[int]int(nil))) // 8
	fmt.Println(unsafe.Sizeof(any(nil)))         // 16
	fmt.Println(unsafe.Sizeof([3]int32{}))       // 12
}
