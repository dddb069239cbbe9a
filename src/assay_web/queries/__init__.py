"""Reads for screens and exports. Nothing here writes."""
