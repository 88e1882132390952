"""Across jurisdictions: contact with family, criminal and civil courts."""
