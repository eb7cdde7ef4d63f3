// From notes/zh/interface.md, lines 45 to 55.

package main

type Animal interface{ Sound() string }

type Dog struct{}

func (Dog) Sound() string { return "wang" }

type Cat struct{}

func (*Cat) Sound() string { return "miao" }

func main() {}
