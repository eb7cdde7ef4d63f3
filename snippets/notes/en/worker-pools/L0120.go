// From notes/en/worker-pools.md, lines 120 to 139.

package main

import (
	"errors"
	"fmt"
)

func firstError(tasks ...func() error) error {
	errs := make(chan error, len(tasks))
	for _, task := range tasks {
		go func() { errs <- task() }()
	}
	var first error
	for range tasks {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

func main() {
	ok := func() error { return nil }
	bad := func() error { return errors.New("task failed") }
	fmt.Println(firstError(ok, ok))      // <nil>
	fmt.Println(firstError(ok, bad, ok)) // task failed
}
