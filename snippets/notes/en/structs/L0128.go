// From notes/en/structs.md, lines 128 to 141.

package main

import "fmt"

type Animal struct{ Name string }

func (a Animal) Hello() string { return "I am " + a.Name }

func main() {
	type Dog struct {
		Animal
		Name string
	}
	d := Dog{Animal{"animal"}, "rex"}
	fmt.Println(d.Name, d.Animal.Name) // rex animal
	fmt.Println(d.Hello())             // I am animal
}
