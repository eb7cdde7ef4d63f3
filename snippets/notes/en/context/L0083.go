// From notes/en/context.md, lines 83 to 99.

package main

import (
	"context"
	"fmt"
)

type ctxKey struct{}

func userOf(ctx context.Context) string {
	name, ok := ctx.Value(ctxKey{}).(string)
	if !ok {
		return "anonymous"
	}
	return name
}

func main() {
	ctx := context.WithValue(context.Background(), ctxKey{}, "alice")
	fmt.Println(userOf(ctx))                  // alice
	fmt.Println(userOf(context.Background())) // anonymous
}
