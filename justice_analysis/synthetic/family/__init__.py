"""The family part of the world: care proceedings, private law, divorces, and Wales."""
