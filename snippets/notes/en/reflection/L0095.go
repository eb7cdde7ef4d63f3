// From notes/en/reflection.md, lines 95 to 109.

package main

import (
	"fmt"
	"reflect"
)

func main() {
	type Conf struct {
		Port int
		name string
	}
	c := Conf{80, "x"}
	v := reflect.ValueOf(&c).Elem()
	fmt.Println(v.CanSet(), reflect.ValueOf(c).CanSet()) // true false
	v.Field(0).SetInt(8080)
	fmt.Println(c.Port)              // 8080
	fmt.Println(v.Field(1).CanSet()) // false
}
