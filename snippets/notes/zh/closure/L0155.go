// From notes/zh/closure.md, lines 155 to 163.

package main

func gen() func() int {
	n := 0 // n 逃逸到堆上
	return func() int {
		n++
		return n
	}
}

func main() {
	gen()
}
