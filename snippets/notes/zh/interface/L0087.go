// From notes/zh/interface.md, lines 87 to 92.

package main

import "fmt"

func main() {
	var e error
	_, ok := e.(fmt.Stringer)
	fmt.Println(ok) // false
}
