"""Signing in by OpenID Connect: what is asked of an identity provider, and what of its answers is believed. Knows no rows and no pages."""
