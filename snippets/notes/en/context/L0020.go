// From notes/en/context.md, lines 20 to 30.

package main

import (
	"context"
	"fmt"
)

func main() {
	parent, cancelParent := context.WithCancel(context.Background())
	child, cancelChild := context.WithCancel(parent)
	cancelChild()
	fmt.Println(parent.Err(), child.Err()) // <nil> context canceled
	cancelParent()
	fmt.Println(parent.Err()) // context canceled
	cancelParent()            // calling it twice is fine, no panic
}
