// From notes/zh/escape.md, lines 37 to 47.

package main

func big() int {
	buf := make([]byte, 1<<20) // make([]byte, 1048576) escapes to heap
	return len(buf)
}

func small() int {
	buf := make([]byte, 64) // 栈上
	return len(buf)
}

func main() {
	small()
}
