// From notes/zh/defer.md, lines 116 to 127.

package main

import "fmt"

func safe() (msg string) {
	defer func() {
		if r := recover(); r != nil {
			msg = fmt.Sprint("接住了: ", r)
		}
	}()
	panic("oops")
}

func main() {
	fmt.Println(safe()) // 接住了: oops
}
