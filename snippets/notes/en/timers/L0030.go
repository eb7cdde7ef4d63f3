// From notes/en/timers.md, lines 30 to 40.

package main

import "time"

func main() {
	t := time.NewTimer(time.Hour)
	t.Stop()
	<-t.C // fatal error: all goroutines are asleep - deadlock!
}
