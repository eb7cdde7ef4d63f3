// From notes/zh/scheduler.md, lines 21 to 33. Its note does not declare guintptr, muintptr: with stand-ins it compiles, and is not to be run.

package main

type guintptr struct{}

type muintptr struct{}

// runtime/runtime2.go（节选）
type p struct {
	id       int32
	status   uint32
	m        muintptr
	runqhead uint32
	runqtail uint32
	runq     [256]guintptr // 本地队列
	runnext  guintptr      // 下一个要执行的 G，优先级最高

}

func main() {}
