"""Releases as the book reads them."""
