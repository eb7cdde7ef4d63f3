// From notes/zh/sync.md, lines 90 to 100.

package main

import (
	"bytes"
	"fmt"
	"sync"
)

func main() {
	var empty sync.Pool
	fmt.Println(empty.Get()) // <nil>
	pool := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	buf := pool.Get().(*bytes.Buffer)
	buf.WriteString("hello")
	fmt.Println(buf.String()) // hello
	buf.Reset()               // 放回去之前一定要清空
	pool.Put(buf)
}
