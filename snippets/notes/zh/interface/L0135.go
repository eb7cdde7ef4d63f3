// From notes/zh/interface.md, lines 135 to 148.

package main

type Shape interface {
	Area() float64
}

type Square struct{ side float64 }

func (s Square) Area() float64 { return s.side * s.side }

var _ Shape = Square{}

var _ Shape = (*Square)(nil)

func main() {}
