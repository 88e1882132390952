"""What a reader of the built book would stumble over."""
