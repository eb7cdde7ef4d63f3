// From notes/zh/interface.md, lines 172 to 189.

package main

import "fmt"

type Base struct{}

func (b Base) Show() { fmt.Println("base show"); b.Extra() }

func (b Base) Extra() { fmt.Println("base extra") }

type Child struct{ Base }

func (c Child) Extra() { fmt.Println("child extra") }

func main() {
	c := Child{}
	c.Show()
	c.Extra()
}
