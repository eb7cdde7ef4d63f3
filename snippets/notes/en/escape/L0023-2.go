// From notes/en/escape.md, lines 23 to 33.

package main

type Node struct{ next *Node }

func literal() *Node {
	return &Node{} // &Node{} escapes to heap
}

func viaNew() *Node {
	return new(Node) // new(Node) escapes to heap
}

func main() {
	viaNew()
}
