// From notes/zh/scheduler.md, lines 180 to 188.

package main

func main() {
	go println("hi")
	for {
	}
}
