// From notes/en/timers.md, lines 111 to 120.

package main

import (
	"fmt"
	"time"
)

func main() {
	t := time.Date(2024, time.February, 29, 13, 4, 5, 0, time.UTC)
	fmt.Println(t.Format("2006-01-02 15:04:05"))          // 2024-02-29 13:04:05
	fmt.Println(t.Weekday(), t.YearDay())                 // Thursday 60
	fmt.Println(t.AddDate(1, 0, 0).Format(time.DateOnly)) // 2025-03-01
	fmt.Println(t.Add(24 * time.Hour).Sub(t))             // 24h0m0s
	_, err := time.Parse("2006-01-02", "2024-13-01")
	fmt.Println(err) // parsing time "2024-13-01": month out of range
}
