// From notes/zh/interface.md, lines 73 to 83.

package main

import "fmt"

func main() {
	var i any = "hello"
	s := i.(string)
	fmt.Println(s)       // hello
	n, ok := i.(int)     // 不会 panic
	fmt.Println(n, ok)   // 0 false
	fmt.Println(i.(int)) // panic: interface conversion: interface {} is string, not int
}
