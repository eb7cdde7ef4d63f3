// Package gosnipprobe is what the probes of a program call. It is compiled once for a toolchain, so that a program
// with probes costs no more than one without.
package gosnipprobe

import (
	"fmt"
	"os"
	"reflect"
	"runtime"
)

// A Line is a line of the note whose output is marked.
type Line int

// Start writes the mark before what the line prints.
func (line Line) Start() { os.Stdout.WriteString(line.mark("<")) }

// End writes the mark behind it.
func (line Line) End() { os.Stdout.WriteString(line.mark(">")) }

func (line Line) mark(which string) string {
	return fmt.Sprintf("\x01%s%d\x02", which, int(line))
}

// write prints at once, as the functions of fmt do, so that nothing of other goroutines comes between.
func (line Line) write(text string) (int, error) {
	_, err := os.Stdout.WriteString(line.mark("<") + text + line.mark(">"))
	return len(text), err
}

func (line Line) Println(a ...any) (int, error) { return line.write(fmt.Sprintln(a...)) }

func (line Line) Print(a ...any) (int, error) { return line.write(fmt.Sprint(a...)) }

func (line Line) Printf(format string, a ...any) (int, error) {
	return line.write(fmt.Sprintf(format, a...))
}

// Println, Print and Printf give what the functions of fmt write, without a line break at its end.
func Println(a ...any) string { return trimmed(fmt.Sprintln(a...)) }

func Print(a ...any) string { return trimmed(fmt.Sprint(a...)) }

func Printf(format string, a ...any) string { return trimmed(fmt.Sprintf(format, a...)) }

func trimmed(text string) string {
	if end := len(text) - 1; end >= 0 && text[end] == '\n' {
		return text[:end]
	}
	return text
}

// A Value is a place where values are looked at.
type Value int

// Show writes values; several are the results of one call.
func (probe Value) Show(values ...any) {
	text, kind := "", ""
	for i, value := range values {
		if i > 0 {
			text, kind = text+" ", kind+", "
		}
		text, kind = text+fmt.Sprint(value), kind+fmt.Sprintf("%T", value)
	}
	os.Stdout.WriteString(fmt.Sprintf("\x01=%d\x1f%s\x1f%s\x02", int(probe), text, kind))
}

// Targets shows what the pointers in a list point to.
func (probe Value) Targets(list any) {
	targets := []any{}
	for i, v := 0, reflect.ValueOf(list); i < v.Len(); i++ {
		targets = append(targets, v.Index(i).Elem().Interface())
	}
	probe.Show(targets)
}

// Shared shows whether the pointers in a list all point to the same place.
func (probe Value) Shared(list any) {
	v := reflect.ValueOf(list)
	same := v.Len() > 1
	for i := 1; i < v.Len(); i++ {
		same = same && v.Index(i).Pointer() == v.Index(0).Pointer()
	}
	probe.Show(same)
}

var (
	stats   runtime.MemStats
	mallocs uint64
)

// Before counts what was allocated on the heap so far.
func (probe Value) Before() { mallocs = allocated() }

// Allocates shows whether anything was since.
func (probe Value) Allocates() { probe.Show(allocated() > mallocs) }

func allocated() uint64 {
	runtime.ReadMemStats(&stats)
	return stats.Mallocs
}

// Yield gives all goroutines that were started their turn.
func Yield() {
	for range [100]int{} {
		runtime.Gosched()
	}
}

// Ending says how a call ends.
func Ending(call func()) (end string) {
	defer func() {
		if e := recover(); e != nil {
			end = fmt.Sprint("panic: ", e)
		}
	}()
	call()
	return "no panic"
}
