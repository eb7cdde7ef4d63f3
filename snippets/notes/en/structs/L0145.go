// From notes/en/structs.md, lines 145 to 156.

package main

import "fmt"

func main() {
	type L struct{ ID int }
	type R struct{ ID int }
	type Both struct {
		L
		R
	}
	v := Both{L{1}, R{2}}
	fmt.Println(v.L.ID + v.R.ID) // 3
}
