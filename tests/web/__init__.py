"""The workspace, through Django's own client over a real home: SQLite, evidence folder, keys and all."""
