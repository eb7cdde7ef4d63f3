// From notes/zh/string.md, lines 39 to 45.

package main

import "fmt"

func main() {
	x := 'a' // rune (int32)
	y := "a"[0]
	fmt.Printf("%T %T\n", x, y) // int32 uint8
	fmt.Println(x, string(x))   // 97 a
	fmt.Println('世')            // 19990
}
