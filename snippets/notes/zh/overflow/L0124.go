// From notes/zh/overflow.md, lines 124 to 127.

package main

import "fmt"

func main() {
	fmt.Println(7%3, -7%3, 7%-3) // 1 -1 1
	fmt.Println(7/2, -7/2)       // 3 -3
}
