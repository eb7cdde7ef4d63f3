// From notes/en/escape.md, lines 106 to 121.

package main

type T struct{ a [4]int }

var keep *T

func leak(t *T) { keep = t }

func main() {
	t := T{}
	leak(&t)
	u := T{}
	_ = &u
}
