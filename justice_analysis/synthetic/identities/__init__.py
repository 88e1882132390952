"""Identities behind a world, and lists of those who took part in its programme.

They stand beside what is delivered, as names stand outside research data. No name, postcode or
number here is a real person's: names are drawn at random, areas of postcodes do not exist.
"""
