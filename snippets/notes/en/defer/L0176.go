// From notes/en/defer.md, lines 176 to 183.

package main

import "fmt"

func loop() {
	for i := range 3 {
		defer fmt.Println("deferred", i)
	}
	fmt.Println("loop done")
}

func main() {
	loop()
}
