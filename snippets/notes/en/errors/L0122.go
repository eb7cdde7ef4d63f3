// From notes/en/errors.md, lines 122 to 135.

package main

import (
	"errors"
	"fmt"
)

func fails() (int, error) { return 0, errors.New("failed") }

func shadow() error {
	var err error
	if true {
		_, err := fails()
		_ = err
	}
	return err
}

func main() {
	fmt.Println(shadow()) // <nil>
}
