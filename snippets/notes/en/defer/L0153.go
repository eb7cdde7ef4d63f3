// From notes/en/defer.md, lines 153 to 163.

package main

func main() {
	defer func() {
		r := recover()
		panic(r)
	}()
	panic("original")
}
