// From notes/zh/string.md, lines 119 to 122.

package main

import "fmt"

func main() {
	s := `a\n"b"`
	fmt.Println(s, len(s)) // a\n"b" 6
}
