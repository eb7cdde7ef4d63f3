// From notes/en/reflection.md, lines 24 to 51.

package main

import (
	"fmt"
	"reflect"
)

type User struct {
	Name  string `json:"name" validate:"required"`
	Email string `json:"email,omitempty"`
	age   int
}

func main() {
	t := reflect.TypeOf(User{})
	for i := range t.NumField() {
		f := t.Field(i)
		tag, ok := f.Tag.Lookup("json")
		fmt.Printf("%s %q %t %t\n", f.Name, tag, ok, f.IsExported())
	}
}
