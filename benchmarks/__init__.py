"""Measured runs, side by side; never a timed test."""
