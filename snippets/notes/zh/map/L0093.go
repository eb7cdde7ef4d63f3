// From notes/zh/map.md, lines 93 to 108.

package main

import "fmt"

func main() {
	type User struct{ Age int }
	m := map[string]User{"tom": {18}}
	u := m["tom"]
	u.Age = 19
	m["tom"] = u
	fmt.Println(m) // map[tom:{19}]
	pm := map[string]*User{"tom": {18}}
	pm["tom"].Age = 20
	fmt.Println(pm["tom"].Age) // 20
}
