// From notes/en/errors.md, lines 50 to 55.

package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	err := errors.New("x")
	// errors.As(err, nil)    // panic: errors: target cannot be nil
	var p *os.PathError
	fmt.Println(errors.As(err, &p), p) // false <nil>
}
