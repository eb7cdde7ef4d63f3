// From notes/zh/string.md, lines 7 to 12.

package main

import (
	"fmt"
	"unicode/utf8"
)

func main() {
	s := "你好"
	fmt.Println(len(s))                    // 输出6（字节数）
	fmt.Println(len([]rune(s)))            // 输出2（字符数）
	fmt.Println(utf8.RuneCountInString(s)) // 2
}
