"""Stand-ins that the tests own."""
