// From notes/en/reflection.md, lines 67 to 80.

package main

import (
	"encoding/json"
	"fmt"
)

func main() {
	type Msg struct {
		ID     int    `json:"id"`
		Secret string `json:"-"`
		Note   string `json:"note,omitempty"`
		Ptr    *int   `json:"ptr"`
		List   []int  `json:"list"`
		hidden bool
		Str    int64 `json:"str,string"`
	}
	b, err := json.Marshal(Msg{ID: 1, Secret: "x", Str: 5})
	fmt.Println(string(b), err) // {"id":1,"ptr":null,"list":null,"str":"5"} <nil>
}
