// From notes/zh/escape.md, lines 49 to 57.

package main

func acc() func(int) int {
	sum := 0                 // sum 逃逸到堆上
	return func(n int) int { // func literal escapes to heap
		sum += n
		return sum
	}
}

func main() {
	acc()
}
