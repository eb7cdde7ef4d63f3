// From notes/zh/scheduler.md, lines 166 to 174. Something is left out of it: it compiles, and is not to be run.

package main

func execute(...any) {}

func findRunnable(...any) *findRunnableStandIn { panic("a stand-in") }

func globrunqget(...any) *findRunnableStandIn { panic("a stand-in") }

var gp *findRunnableStandIn

var pp ppStandIn

func runqget(...any) *findRunnableStandIn { panic("a stand-in") }

type findRunnableStandIn struct{}

type ppStandIn struct{}

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
