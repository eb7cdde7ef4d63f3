// From notes/en/errors.md, lines 59 to 63.

package main

import (
	"errors"
	"fmt"
)

func main() {
	err := errors.Join(errors.New("first"), nil, errors.New("second"))
	fmt.Println(err)
	fmt.Println(errors.Join(nil, nil) == nil)
}
