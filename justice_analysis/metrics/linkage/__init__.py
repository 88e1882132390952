"""Linkage sensitivity: how far wrong links could move a headline."""
