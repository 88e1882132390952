"""Sums of quantities: what is stated of them, and what is hidden so that none comes back."""
