"""Rules over what the readers found: words, columns and tables."""
