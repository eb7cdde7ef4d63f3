//! Snippets: which blocks are Go, what shape they have, and the programs they become.
