"""Editions of the book, and what changed since."""
