// From notes/en/defer.md, lines 81 to 93.

package main

import "fmt"

func div(a, b int) (q int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("div: %v", r)
		}
	}()
	return a / b, nil
}

func main() {
	fmt.Println(div(7, 2)) // 3 <nil>
	fmt.Println(div(7, 0)) // 0 div: runtime error: integer divide by zero
}
