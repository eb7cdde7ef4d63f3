// From notes/zh/string.md, lines 51 to 61.

package main

import "fmt"

func main() {
	s := "hello"
	// s[0] = 'H' // 编译错误：cannot assign to s[0] (neither addressable nor a map index expression)
	b := []byte(s)
	b[0] = 'H'
	fmt.Println(string(b), s) // Hello hello
	r := []rune("你好吗")
	r[2] = '！'
	fmt.Println(string(r)) // 你好！
}
