// From notes/zh/interface.md, lines 7 to 30.

package main

import "fmt"

type MyErr struct{}

func (e *MyErr) Error() string { return "my error" }

func find(ok bool) error {
	var e *MyErr
	if !ok {
		e = &MyErr{}
	}
	return e // 应该写 return nil
}

func main() {
	err := find(true)
	fmt.Println(err == nil)          // false
	fmt.Printf("%T\n", err)          // *main.MyErr
	fmt.Println(err.(*MyErr) == nil) // true
}
