// From notes/en/closures.md, lines 59 to 71.

package main

import (
	"fmt"
	"sync"
)

func main() {
	results := make([]int, 3)
	var wg sync.WaitGroup
	for i, s := range []string{"a", "bb", "ccc"} {
		wg.Add(1)
		go func(i int, s string) {
			defer wg.Done()
			results[i] = len(s)
		}(i, s)
	}
	wg.Wait()
	fmt.Println(results) // [1 2 3]
}
