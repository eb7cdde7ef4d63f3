// From notes/zh/交替打印.md, lines 55 to 58.

package main

import "fmt"

func main() {
	fmt.Print(1, 2, "\n")     // 1 2
	fmt.Print("1", "2", "\n") // 12
}
