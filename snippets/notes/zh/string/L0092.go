// From notes/zh/string.md, lines 92 to 100.

package main

import (
	"fmt"
	"strconv"
)

func main() {
	n := 65
	fmt.Println(string(rune(n)))     // A
	fmt.Println(strconv.Itoa(n))     // 65
	fmt.Println(fmt.Sprint(n) + "!") // 65!
	v, err := strconv.Atoi("12a")
	fmt.Println(v, err) // 0 strconv.Atoi: parsing "12a": invalid syntax
}
