// From notes/en/escape.md, lines 41 to 49.

package main

func start(done chan bool) {
	n := 0 // moved to heap: n
	go func() {
		n++
		done <- true
	}()
}

func main() {}
