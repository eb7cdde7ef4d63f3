// From notes/zh/defer.md, lines 77 to 97.

package main

import "fmt"

func f1() int {
	r := 5
	defer func() { r *= 2 }()
	return r
}

func f2() (r int) {
	defer func() { r *= 2 }()
	return 5
}

func f3() (r int) {
	defer func(r int) { r *= 2 }(r)
	return 5
}

func main() {
	fmt.Println(f1()) // 5
	fmt.Println(f2()) // 10
	fmt.Println(f3()) // 5
}
