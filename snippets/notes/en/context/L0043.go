// From notes/en/context.md, lines 43 to 54.

package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	select {
	case <-time.After(time.Second):
		fmt.Println("work done")
	case <-ctx.Done():
		fmt.Println(ctx.Err()) // context deadline exceeded
	}
	fmt.Println(errors.Is(ctx.Err(), context.DeadlineExceeded)) // true
}
