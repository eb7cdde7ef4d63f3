// From notes/en/errors.md, lines 23 to 27.

package main

import (
	"errors"
	"fmt"
	"io"
)

func main() {
	fmt.Println(errors.New("eof") == errors.New("eof")) // false
	e := errors.New("eof")
	fmt.Println(e == e, e.Error() == io.EOF.Error()) // true false
}
