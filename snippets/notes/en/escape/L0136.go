// From notes/en/escape.md, lines 136 to 156.

package main

import (
	"fmt"
	"testing"
)

type big struct{ data [128]int }

//go:noinline
func value() big { return big{} }

//go:noinline
func pointer() *big { return &big{} }

func main() {
	fmt.Println(testing.AllocsPerRun(50, func() { _ = value() }))   // 0
	fmt.Println(testing.AllocsPerRun(50, func() { _ = pointer() })) // 1
}
