"""Signing in, second factors, sessions and accounts: what the door promises, tried from outside."""
