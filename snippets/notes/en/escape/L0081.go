// From notes/en/escape.md, lines 81 to 90.

package main

import "fmt"

func adder(k int) func(int) int {
	base := k * 2            // stays on the stack
	return func(n int) int { // func literal escapes to heap
		return base + n
	}
}

func main() {
	fmt.Println(adder(5)(1)) // 11
}
