// From notes/zh/goroutine.md, lines 303 to 311.

package main

import "runtime"

func main() {
	runtime.Goexit() // fatal error: no goroutines (main called runtime.Goexit) - deadlock!
}
