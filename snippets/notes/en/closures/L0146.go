// From notes/en/closures.md, lines 146 to 154.

package main

import "fmt"

func main() {
	x := 1
	if x := 2; x > 1 {
		fmt.Println(x) // 2
		x := 3
		fmt.Println(x) // 3
	}
	fmt.Println(x) // 1
}
