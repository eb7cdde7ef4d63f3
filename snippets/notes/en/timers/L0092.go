// From notes/en/timers.md, lines 92 to 105.

package main

import (
	"fmt"
	"time"
)

func main() {
	d := 90 * time.Second
	fmt.Println(d)                                            // 1m30s
	fmt.Println(d.Minutes())                                  // 1.5
	fmt.Println(time.Duration(1500) * time.Millisecond)       // 1.5s
	fmt.Println((3700 * time.Millisecond).Round(time.Second)) // 4s
	n := 2
	// time.Sleep(n * time.Second) // compile error: invalid operation: n * time.Second (mismatched types int and time.Duration)
	fmt.Println(time.Duration(n) * time.Second) // 2s
	p, err := time.ParseDuration("1h15m")
	fmt.Println(p, err) // 1h15m0s <nil>
}
