// From notes/en/structs.md, lines 75 to 87.

package main

import "fmt"

type Counter struct{ n int }

func (c Counter) IncCopy() { c.n++ }

func (c *Counter) Inc() { c.n++ }

func main() {
	c := Counter{}
	c.IncCopy()
	fmt.Println(c.n) // 0
	c.Inc()          // the same as (&c).Inc()
	fmt.Println(c.n) // 1
}
