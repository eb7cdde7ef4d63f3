// From notes/en/context.md, lines 153 to 162.

package main

import (
	"context"
	"fmt"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	context.AfterFunc(ctx, func() {
		fmt.Println("cleaning up") // cleaning up
		close(done)
	})
	cancel()
	<-done
}
