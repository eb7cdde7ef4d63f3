// From notes/en/reflection.md, lines 55 to 63.

package main

import (
	"encoding/json"
	"fmt"
)

func main() {
	type Bad struct {
		A int `json: "a"`
		B int `json:"b"`
	}
	out, _ := json.Marshal(Bad{1, 2})
	fmt.Println(string(out)) // {"A":1,"b":2}
}
