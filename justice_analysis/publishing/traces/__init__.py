"""Where every number of the book came from, and what has gone stale."""
