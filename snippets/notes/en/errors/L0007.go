// From notes/en/errors.md, lines 7 to 17.

package main

import (
	"errors"
	"fmt"
)

func main() {
	base := errors.New("not found")
	wrapped := fmt.Errorf("load user: %w", base)
	flat := fmt.Errorf("load user: %v", base)
	fmt.Println(wrapped)                        // load user: not found
	fmt.Println(errors.Is(wrapped, base))       // true
	fmt.Println(errors.Is(flat, base))          // false
	fmt.Println(wrapped == base)                // false
	fmt.Println(errors.Unwrap(wrapped) == base) // true
}
