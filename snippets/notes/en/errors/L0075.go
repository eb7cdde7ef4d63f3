// From notes/en/errors.md, lines 75 to 85.

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
)

func main() {
	_, err := os.Open("/does/not/exist")
	fmt.Println(errors.Is(err, fs.ErrNotExist)) // true
	fmt.Println(err)                            // open /does/not/exist: no such file or directory
	var pe *fs.PathError
	fmt.Println(errors.As(err, &pe), pe.Op) // true open
	_, err = strconv.Atoi("abc")
	fmt.Println(errors.Is(err, strconv.ErrSyntax)) // true
}
