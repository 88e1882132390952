"""The rates that the parts of the world are made from, each with its unit and its source."""
