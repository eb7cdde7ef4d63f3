// From notes/zh/interface.md, lines 59 to 67.

package main

import "fmt"

type Animal interface{ Sound() string }

type Dog struct{}

func (Dog) Sound() string { return "wang" }

type Cat struct{}

func (*Cat) Sound() string { return "miao" }

func main() {
	var a Animal = Dog{}
	fmt.Println(a.Sound()) // wang
	a = &Dog{}
	fmt.Println(a.Sound()) // wang
	a = &Cat{}
	fmt.Println(a.Sound()) // miao
}
