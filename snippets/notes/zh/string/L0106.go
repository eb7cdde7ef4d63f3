// From notes/zh/string.md, lines 106 to 113.

package main

import (
	"fmt"
	"strings"
)

func main() {
	fmt.Println(strings.TrimLeft("abcabcx", "cba"))   // x
	fmt.Println(strings.TrimPrefix("abcabcx", "abc")) // abcx
	fmt.Println(len(strings.Split("", ",")))          // 1
	fmt.Println(len(strings.Fields("  a  b ")))       // 2
	fmt.Println(strings.Repeat("ab", 3))              // ababab
	fmt.Println(strings.EqualFold("Go", "GO"))        // true
}
