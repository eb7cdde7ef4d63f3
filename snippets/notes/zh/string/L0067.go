// From notes/zh/string.md, lines 67 to 73.

package main

import (
	"fmt"
	"unicode/utf8"
)

func main() {
	s := "中国"
	fmt.Println(s[:3])                   // 中
	fmt.Println(utf8.ValidString(s[:2])) // false
	fmt.Printf("%q\n", s[:2])            // "\xe4\xb8"
	fmt.Println(string([]rune(s)[1:]))   // 国
}
