// From notes/zh/overflow.md, lines 55 to 62.

package main

import "fmt"

func main() {
	x := 300
	fmt.Println(uint8(x)) // 44
	y := -1
	fmt.Println(uint16(y)) // 65535
	f := 3.99
	fmt.Println(int(f), int(-f)) // 3 -3
}
