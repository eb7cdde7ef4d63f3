// From notes/zh/interface.md, lines 154 to 166.

package main

import "fmt"

func count(args ...any) int { return len(args) }

func main() {
	nums := []int{1, 2, 3}
	fmt.Println(count(nums)) // 1
	anys := make([]any, len(nums))
	for i, n := range nums {
		anys[i] = n
	}
	fmt.Println(count(anys...)) // 3
}
