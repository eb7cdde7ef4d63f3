// From notes/en/gc.md, lines 86 to 94.

package main

import (
	"bytes"
	"fmt"
)

func header(file []byte) []byte { return file[:4] }

func headerCopy(file []byte) []byte { return bytes.Clone(file[:4]) }

func main() {
	file := make([]byte, 1<<16)
	fmt.Println(cap(header(file)))            // 65536
	fmt.Println(cap(headerCopy(file)) < 1024) // true
}
