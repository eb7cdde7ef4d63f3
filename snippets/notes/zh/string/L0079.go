// From notes/zh/string.md, lines 79 to 86.

package main

import (
	"fmt"
	"strings"
)

func main() {
	var sb strings.Builder
	for i := range 3 {
		fmt.Fprintf(&sb, "%d,", i)
	}
	fmt.Println(sb.String(), sb.Len())                 // 0,1,2, 6
	fmt.Println(strings.Join([]string{"a", "b"}, "-")) // a-b
}
