// From notes/en/reflection.md, lines 84 to 89.

package main

import (
	"encoding/json"
	"fmt"
)

func main() {
	var v map[string]any
	_ = json.Unmarshal([]byte(`{"n": 1, "s": "x", "l": [1]}`), &v)
	fmt.Printf("%T %T %T\n", v["n"], v["s"], v["l"]) // float64 string []interface {}
}
