// From notes/en/timers.md, lines 126 to 132.

package main

import (
	"fmt"
	"time"
)

func main() {
	a := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	b := a.In(time.FixedZone("CST", 8*3600))
	fmt.Println(a == b, a.Equal(b))   // false true
	fmt.Println(b.Hour())             // 20
	fmt.Println(time.Time{}.IsZero()) // true
}
