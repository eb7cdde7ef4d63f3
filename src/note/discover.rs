//! Finding the notes below the given paths.
