"""Disparities: relative rates with their uncertainty, unknowns and cautions."""
