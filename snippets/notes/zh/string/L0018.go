// From notes/zh/string.md, lines 18 to 28.

package main

import "fmt"

func main() {
	s := "a世"
	for i := 0; i < len(s); i++ {
		fmt.Printf("%x ", s[i])
	}
	fmt.Println()
	for i, r := range s {
		fmt.Printf("%d:%c ", i, r)
	}
	fmt.Println()
}
