// From notes/en/errors.md, lines 92 to 116.

package main

import (
	"errors"
	"fmt"
)

type parseError struct{ msg string }

func parse(s string) (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			pe, ok := r.(parseError)
			if !ok {
				panic(r)
			}
			err = errors.New(pe.msg)
		}
	}()
	for _, c := range s {
		if c < '0' || c > '9' {
			panic(parseError{fmt.Sprintf("bad digit %q", c)})
		}
		n = n*10 + int(c-'0')
	}
	return n, nil
}

func main() {
	fmt.Println(parse("123")) // 123 <nil>
	fmt.Println(parse("1x"))  // 1 bad digit 'x'
}
