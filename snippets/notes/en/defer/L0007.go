// From notes/en/defer.md, lines 7 to 13.

package main

import "fmt"

func order() {
	defer fmt.Println("first deferred")
	defer fmt.Println("second deferred")
	fmt.Println("body")
}

func main() {
	order()
}
