// From notes/en/closures.md, lines 132 to 142.

package main

import "fmt"

func main() {
	// fact := func(n int) int { if n < 2 { return 1 }; return n * fact(n-1) } // compile error: undefined: fact
	var fact func(int) int
	fact = func(n int) int {
		if n < 2 {
			return 1
		}
		return n * fact(n-1)
	}
	fmt.Println(fact(10)) // 3628800
}
