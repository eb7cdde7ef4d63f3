// From notes/en/escape.md, lines 53 to 77.

package main

type Point struct{ x, y int }

func (p *Point) norm() int { // p does not escape
	return p.x*p.x + p.y*p.y
}

func local() int {
	p := &Point{3, 4} // &Point{...} does not escape
	return p.norm()
}

func pass(s []int) int { // s does not escape
	t := 0
	for _, v := range s {
		t += v
	}
	return t
}

func caller() int {
	nums := []int{1, 2, 3} // []int{...} does not escape
	return pass(nums)
}

func main() {
	local()
}
