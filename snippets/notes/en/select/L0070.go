// From notes/en/select.md, lines 70 to 76.

package main

func main() {
	select {} // fatal error: all goroutines are asleep - deadlock!
}
