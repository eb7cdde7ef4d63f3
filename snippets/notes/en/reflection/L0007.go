// From notes/en/reflection.md, lines 7 to 18.

package main

import (
	"fmt"
	"reflect"
)

func main() {
	type Celsius float64
	c := Celsius(36.6)
	t := reflect.TypeOf(c)
	fmt.Println(t, t.Kind(), t.Name()) // main.Celsius float64 Celsius
	v := reflect.ValueOf(c)
	fmt.Println(v.Float(), v.Interface() == c)  // 36.6 true
	fmt.Println(reflect.TypeOf([]int{}).Elem()) // int
	fmt.Println(reflect.TypeOf(&c).Kind())      // ptr
}
