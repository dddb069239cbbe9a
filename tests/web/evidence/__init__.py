"""Manual evidence in the browser."""
