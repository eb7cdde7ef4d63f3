// From notes/en/defer.md, lines 131 to 139.

package main

import "errors"

func main() {
	panic(errors.New("disk full")) // panic: disk full
}
