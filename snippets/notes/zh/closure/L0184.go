// From notes/zh/closure.md, lines 184 to 197.

package main

import "fmt"

type User struct{ name string }

func (u User) Hello() string { return "hi " + u.name }

func (u *User) PtrHello() string { return "hi " + u.name }

func main() {
	u := User{"Tom"}
	f := u.Hello
	g := u.PtrHello
	u.name = "Jerry"
	fmt.Println(f())           // hi Tom
	fmt.Println(g())           // hi Jerry
	fmt.Println(User.Hello(u)) // hi Jerry
}
