// From notes/zh/escape.md, lines 14 to 25.

package main

type User struct{ Name string }

func newUser(name string) *User {
	u := User{Name: name} // u 逃逸到堆上
	return &u
}

func newUser2(name string) *User {
	return &User{Name: name} // &User{...} escapes to heap
}

func main() {}
