// From notes/en/reflection.md, lines 128 to 135.

package main

import (
	"fmt"
	"math"
	"reflect"
)

func main() {
	m1 := map[string][]int{"a": {1}}
	m2 := map[string][]int{"a": {1}}
	fmt.Println(reflect.DeepEqual(m1, m2))                 // true
	fmt.Println(reflect.DeepEqual([]int(nil), []int{}))    // false
	fmt.Println(reflect.DeepEqual(1, int64(1)))            // false
	fmt.Println(reflect.DeepEqual(math.NaN(), math.NaN())) // false
}
