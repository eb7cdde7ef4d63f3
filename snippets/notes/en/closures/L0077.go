// From notes/en/closures.md, lines 77 to 90.

package main

import "fmt"

func pair() (inc func(), get func() int) {
	n := 0
	return func() { n++ }, func() int { return n }
}

func main() {
	inc, get := pair()
	inc()
	inc()
	fmt.Println(get()) // => 2
	_, other := pair()
	fmt.Println(other()) // => 0
}
