// From notes/en/gc.md, lines 140 to 142. Its note does not declare File, f: with stand-ins it compiles, and is not to be run.

package main

import "runtime"

type File struct{}

func (File) Close(...any) {}

var f fStandIn

type fStandIn struct{}

func main() {
	runtime.SetFinalizer(f, func(f *File) { f.Close() })
}
