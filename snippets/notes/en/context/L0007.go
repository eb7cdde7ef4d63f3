// From notes/en/context.md, lines 7 to 14.

package main

import "time"

type Context interface {
	Deadline() (deadline time.Time, ok bool)
	Done() <-chan struct{}
	Err() error
	Value(key any) any
}

func main() {}
