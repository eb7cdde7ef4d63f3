// From notes/zh/defer.md, lines 101 to 109.

package main

import "fmt"

func f4() *int {
	n := 1
	defer func() { n++ }()
	return &n
}

func main() {
	fmt.Println(*f4()) // 2
}
