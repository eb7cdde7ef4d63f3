// From notes/en/slices.md, lines 195 to 207.

package main

import (
	"fmt"
	"strings"
)

func main() {
	grid := make([][]rune, 2)
	for y := range grid {
		grid[y] = []rune(strings.Repeat(".", 3))
	}
	grid[1][2] = '#'
	for _, row := range grid {
		fmt.Println(string(row))
	}
}
