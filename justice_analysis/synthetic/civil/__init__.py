"""The civil part of the world: claims in the county courts."""
