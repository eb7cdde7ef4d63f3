// From notes/en/reflection.md, lines 139 to 155.

package main

import (
	"fmt"
	"reflect"
)

func isNil(v any) bool {
	if v == nil {
		return true
	}
	switch rv := reflect.ValueOf(v); rv.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		return rv.IsNil()
	}
	return false
}

func main() {
	var p *int
	fmt.Println(any(p) == nil, isNil(p))    // false true
	fmt.Println(isNil(0))                   // false
	fmt.Println(reflect.ValueOf(0).IsNil()) // panic: reflect: call of reflect.Value.IsNil on int Value
}
