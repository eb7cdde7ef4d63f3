// From notes/zh/closure.md, lines 55 to 63.

package main

import "fmt"

func main() {
	var prints []func()
	for _, s := range []string{"a", "b", "c"} {
		prints = append(prints, func() { fmt.Print(s, " ") })
	}
	for _, p := range prints {
		p()
	}
}
