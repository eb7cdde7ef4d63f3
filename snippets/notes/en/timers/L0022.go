// From notes/en/timers.md, lines 22 to 26.

package main

import (
	"fmt"
	"time"
)

func main() {
	t := time.NewTimer(time.Hour)
	fmt.Println(t.Stop()) // true
	fmt.Println(t.Stop()) // false
}
