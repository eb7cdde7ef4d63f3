// From notes/en/defer.md, lines 141 to 149.

package main

import "fmt"

func main() {
	panic(fmt.Sprintf("code %d", 7)) // panic: code 7
}
