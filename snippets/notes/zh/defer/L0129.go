// From notes/zh/defer.md, lines 129 to 140.

package main

func main() {
	defer func() {
		func() {
			recover() // 隔了一层，返回 nil
		}()
	}()
	panic("not recovered") // panic: not recovered
}
