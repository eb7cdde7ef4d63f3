// From notes/en/escape.md, lines 14 to 21.

package main

type Config struct{ port int }

func NewConfig() *Config {
	c := Config{port: 80} // moved to heap: c
	return &c
}

func main() {
	NewConfig()
}
