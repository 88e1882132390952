"""The rules of a place: read, checked, put into words."""
