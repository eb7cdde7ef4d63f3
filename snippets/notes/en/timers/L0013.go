// From notes/en/timers.md, lines 13 to 18.

package main

import (
	"fmt"
	"time"
)

func main() {
	t := time.NewTimer(5 * time.Millisecond)
	<-t.C
	fmt.Println("fired")  // fired
	fmt.Println(t.Stop()) // false
}
