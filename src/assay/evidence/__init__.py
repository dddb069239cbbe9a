"""Digests and proofs: canonical bytes, commitments, records, populations, the ledger's arithmetic, packs. No file and no network here."""
