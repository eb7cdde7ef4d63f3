// From notes/en/context.md, lines 58 to 66.

package main

import (
	"context"
	"fmt"
	"time"
)

func main() {
	parent, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	child, cancel2 := context.WithTimeout(parent, time.Hour)
	defer cancel2()
	d1, _ := parent.Deadline()
	d2, _ := child.Deadline()
	fmt.Println(d1.Equal(d2)) // true
}
