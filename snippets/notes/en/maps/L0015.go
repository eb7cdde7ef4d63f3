// From notes/en/maps.md, lines 15 to 21.

package main

import "fmt"

func main() {
	ages := map[string]int{"bob": 0}
	age, ok := ages["bob"]
	fmt.Println(age, ok) // 0 true
	age, ok = ages["eve"]
	fmt.Println(age, ok) // 0 false
}
