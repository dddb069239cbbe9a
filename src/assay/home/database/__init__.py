"""A home's database: what every kind of it can do, and the kinds that the command line opens.

Whoever reads or writes one knows `Database` alone; `assay.home.database_place` opens the right kind. SYNC_FAILURES are the codes by which SQLite says that a sync
failed, for whoever else has a connection to the same file.
"""

from assay.home.database.protocol import FORMAT, Condition, Database, DatabaseError
from assay.home.database.sqlite import SYNC_FAILURES

__all__ = ["FORMAT", "SYNC_FAILURES", "Condition", "Database", "DatabaseError"]
