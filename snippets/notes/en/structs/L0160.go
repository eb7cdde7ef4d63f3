// From notes/en/structs.md, lines 160 to 173.

package main

import "fmt"

func main() {
	type User struct {
		Name string
		Age  int
		tags []string
	}
	u := User{"Ann", 30, nil}
	fmt.Printf("%v\n", u)  // {Ann 30 []}
	fmt.Printf("%+v\n", u) // {Name:Ann Age:30 tags:[]}
	fmt.Printf("%#v\n", u) // main.User{Name:"Ann", Age:30, tags:[]string(nil)}
	fmt.Printf("%T\n", u)  // main.User
	fmt.Println(&u)        // &{Ann 30 []}
}
