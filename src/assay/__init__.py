"""Assay: what the cloud answered becomes evidence that anyone can perform again."""

__version__ = "0.1.0"
