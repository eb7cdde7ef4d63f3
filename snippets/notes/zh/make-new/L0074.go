// From notes/zh/make-new.md, lines 74 to 90.

package main

import "fmt"

func main() {
	var (
		i  int
		f  float64
		b  bool
		s  string
		p  *int
		sl []int
		m  map[string]int
		fn func()
		e  error
	)
	fmt.Println(i, f, b)              // 0 0 false
	fmt.Printf("%q\n", s)             // ""
	fmt.Println(p, sl, m, e)          // <nil> [] map[] <nil>
	fmt.Println(fn == nil, sl == nil) // true true
}
