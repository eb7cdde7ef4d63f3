// From notes/en/defer.md, lines 62 to 75.

package main

import "fmt"

func named() (n int) {
	defer func() { n++ }()
	return 41
}

func unnamed() int {
	n := 41
	defer func() { n++ }()
	return n
}

func main() {
	fmt.Println(named(), unnamed()) // 42 41
}
