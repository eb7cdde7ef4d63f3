// From notes/en/context.md, lines 72 to 77.

package main

import (
	"context"
	"errors"
	"fmt"
)

func main() {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("user went away"))
	fmt.Println(ctx.Err())          // context canceled
	fmt.Println(context.Cause(ctx)) // user went away
}
