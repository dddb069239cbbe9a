"""What leaves the host, so that nobody on it can rewrite unseen: checkpoints to witnesses, digests to time-stamp authorities, tiles to readers."""

from assay.publish.tile_files import EntryStore, TileFile, growth_files
from assay.publish.timestamp_authority import request_timestamp
from assay.publish.transport import Answer, Transport
from assay.publish.witness import OutOfStepError, RefusedError, Seen, Witness, WitnessState
from assay.publish.witness_app import witness_app
from assay.publish.witness_client import WitnessAheadError, WitnessError, WitnessRefusedError, send_checkpoint
from assay.publish.witness_file import WitnessFile, WitnessFileError
from assay.publish.witness_server import WitnessServer

__all__ = [
    "Answer",
    "EntryStore",
    "OutOfStepError",
    "RefusedError",
    "Seen",
    "TileFile",
    "Transport",
    "Witness",
    "WitnessAheadError",
    "WitnessError",
    "WitnessFile",
    "WitnessFileError",
    "WitnessRefusedError",
    "WitnessServer",
    "WitnessState",
    "growth_files",
    "request_timestamp",
    "send_checkpoint",
    "witness_app",
]
