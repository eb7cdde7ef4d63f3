//! Reading a note's bytes: size, encoding, byte order mark.
