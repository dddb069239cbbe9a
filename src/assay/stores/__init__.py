"""Where evidence is kept: a folder, or a bucket of S3 with Object Lock."""

from assay.stores.disk import Disk, FailedSyncError, disk_under
from assay.stores.evidence import CorruptObjectError, Evidence, MissingObjectError, Store
from assay.stores.folder import FolderStore, StoreError, make_folder, sync_folder
from assay.stores.s3 import EvidenceUrl, S3Store, new_s3_store

__all__ = [
    "CorruptObjectError",
    "Disk",
    "Evidence",
    "EvidenceUrl",
    "FailedSyncError",
    "FolderStore",
    "MissingObjectError",
    "S3Store",
    "Store",
    "StoreError",
    "disk_under",
    "make_folder",
    "new_s3_store",
    "sync_folder",
]
