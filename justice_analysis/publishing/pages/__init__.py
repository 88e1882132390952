"""Pages of the book that are no papers."""
