"""The paper as one object: front matter, blocks, numbers that are released cells."""
