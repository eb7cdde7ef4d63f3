// From notes/zh/escape.md, lines 59 to 64.

package main

func send(ch chan *int) {
	v := 1 // v 逃逸到堆上
	ch <- &v
}

func main() {}
