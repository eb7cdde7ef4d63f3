// From notes/en/errors.md, lines 141 to 148.

package main

func open() error { return nil }

func use() {
	open() // compiles, the error is lost
	// compile error: declared and not used: err
}

func main() {
	use()
}
