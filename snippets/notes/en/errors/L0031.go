// From notes/en/errors.md, lines 31 to 46.

package main

import (
	"errors"
	"fmt"
)

type NotFound struct{ Key string }

func (e *NotFound) Error() string { return e.Key + " not found" }

func lookup(key string) error {
	return fmt.Errorf("lookup: %w", &NotFound{key})
}

func main() {
	err := lookup("x")
	var nf *NotFound
	if errors.As(err, &nf) {
		fmt.Println("missing", nf.Key) // missing x
	}
	fmt.Println(err) // lookup: x not found
}
