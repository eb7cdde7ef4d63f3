// From notes/zh/sync.md, lines 64 to 83.

package main

import (
	"fmt"
	"sync"
)

type Config struct{ addr string }

var (
	instance *Config
	cfgOnce  sync.Once
)

func GetConfig() *Config {
	cfgOnce.Do(func() {
		instance = &Config{addr: ":8080"}
	})
	return instance
}

func single() {
	fmt.Println(GetConfig() == GetConfig()) // true
	fmt.Println(GetConfig().addr)           // :8080
}

func main() {
	single()
}
