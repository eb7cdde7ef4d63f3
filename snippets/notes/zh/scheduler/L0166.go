// From notes/zh/scheduler.md, lines 166 to 174. Something is left out of it: it compiles, and is not to be run.

package main

func execute(...any) {}

func findRunnable(...any) *standIn6 { panic("a stand-in") }

func globrunqget(...any) *standIn6 { panic("a stand-in") }

var gp *standIn6

var pp standIn4

func runqget(...any) *standIn6 { panic("a stand-in") }

type standIn6 struct{}

type standIn4 struct{}

func schedule() {

	if gp == nil {
		gp = globrunqget()
	} // 每 61 次先看一眼全局队列
	if gp == nil {
		gp = runqget(pp)
	} // 本地队列
	if gp == nil {
		gp = findRunnable()
	} // 全局、netpoll、偷，找不到就阻塞
	execute(gp)
}

func main() {}
