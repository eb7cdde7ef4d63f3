// From notes/zh/escape.md, lines 78 to 94.

package main

func noEscape() int {
	x := 10 // 栈上
	p := &x
	*p = 20
	return x
}

func sum(nums *[3]int) int { // nums does not escape
	return nums[0] + nums[1] + nums[2]
}

func useSum() int {
	arr := [3]int{1, 2, 3} // 栈上
	return sum(&arr)
}

func main() {
	noEscape()
}
