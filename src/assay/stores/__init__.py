"""Where evidence is kept: a folder. S3 with Object Lock follows the same `Store` protocol."""

from assay.stores.evidence import CorruptObjectError, Evidence, MissingObjectError, Store
from assay.stores.folder import FolderStore, StoreError, make_folder, sync_folder

__all__ = [
    "CorruptObjectError",
    "Evidence",
    "FolderStore",
    "MissingObjectError",
    "Store",
    "StoreError",
    "make_folder",
    "sync_folder",
]
