"""What left before: the project's history, published tables, variants and updates."""
