"""Connecting sources in the browser."""
