// From notes/zh/interface.md, lines 96 to 117.

package main

import (
	"errors"
	"fmt"
)

func kind(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case int, int64:
		return fmt.Sprintf("integer %v", x)
	case string:
		return "string " + x
	case error:
		return "error " + x.Error()
	default:
		return fmt.Sprintf("other %T", x)
	}
}

func main() {
	fmt.Println(kind(nil))               // nil
	fmt.Println(kind(int64(3)))          // integer 3
	fmt.Println(kind("go"))              // string go
	fmt.Println(kind(errors.New("eof"))) // error eof
	fmt.Println(kind([]int{1}))          // other []int
}
