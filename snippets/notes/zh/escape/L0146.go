// From notes/zh/escape.md, lines 146 to 166.

package main

import (
	"fmt"
	"testing"
)

type Vec struct{ X, Y, Z float64 }

//go:noinline
func byValue(v Vec) float64 { return v.X + v.Y + v.Z }

//go:noinline
func makePtr() *Vec { return &Vec{1, 2, 3} }

func main() {
	fmt.Println(testing.AllocsPerRun(100, func() { byValue(Vec{1, 2, 3}) })) // 0
	fmt.Println(testing.AllocsPerRun(100, func() { makePtr() }))             // 1
}
