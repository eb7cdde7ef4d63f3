// From notes/en/defer.md, lines 98 to 100.

package main

import "fmt"

func main() {
	fmt.Println(recover()) // <nil>
}
