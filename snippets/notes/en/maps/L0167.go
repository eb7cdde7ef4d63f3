// From notes/en/maps.md, lines 167 to 173.

package main

func main() {
	// None of these compile:
	// var _ map[[]int]string      // compile error: invalid map key type []int
	// var _ map[map[int]int]int   // compile error: invalid map key type map[int]int
	// var _ map[func()]bool       // compile error: invalid map key type func()
	var _ map[[3]int]string
}
