// From notes/en/slices.md, lines 63 to 73.

package main

import "fmt"

var global []byte

func grow() {
	global = make([]byte, 256)
	global = append(global, 0)
	fmt.Println(cap(global)) // 512
	global = append(global, make([]byte, 256)...)
	fmt.Println(len(global), cap(global)) // 513 896
}

func main() {
	grow()
}
