// From notes/en/context.md, lines 34 to 39.

package main

import (
	"context"
	"fmt"
)

func main() {
	ctx := context.Background()
	fmt.Println(ctx.Done() == nil, ctx.Err()) // true <nil>
	fmt.Println(ctx)                          // context.Background
}
