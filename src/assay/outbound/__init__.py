"""The only ways out of this machine: one HTTP client and one AWS session, both bounded and both refusing where they must not go."""
