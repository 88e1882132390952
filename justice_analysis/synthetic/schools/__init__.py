"""The pupils of the world: school, social care, cautions and sentences."""
