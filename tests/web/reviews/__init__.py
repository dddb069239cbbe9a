"""Access reviews."""
