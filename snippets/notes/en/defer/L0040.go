// From notes/en/defer.md, lines 40 to 56.

package main

import "fmt"

type Counter struct{ n int }

func (c Counter) Print() { fmt.Println("value", c.n) }

func (c *Counter) PtrPrint() { fmt.Println("pointer", c.n) }

func receivers() {
	c := Counter{1}
	defer c.Print()
	defer c.PtrPrint()
	c.n = 2
}

func main() {
	receivers()
}
