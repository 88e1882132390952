"""Civil courts: claims, judgments and enforcement."""
