// From notes/en/reflection.md, lines 113 to 124.

package main

import (
	"fmt"
	"reflect"
)

type Calc struct{}

func (Calc) Add(a, b int) int { return a + b }

func (Calc) Neg(a int) int { return -a }

func main() {
	v := reflect.ValueOf(Calc{})
	fmt.Println(v.NumMethod()) // 2
	res := v.MethodByName("Add").Call([]reflect.Value{reflect.ValueOf(2), reflect.ValueOf(3)})
	fmt.Println(res[0].Int())                    // 5
	fmt.Println(v.MethodByName("Mul").IsValid()) // false
}
