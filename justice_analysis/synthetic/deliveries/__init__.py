"""Each dataset as it would be delivered, with the mess that real deliveries have."""
