"""A research environment for linked justice data in England and Wales."""

__version__ = "0.1.0"
