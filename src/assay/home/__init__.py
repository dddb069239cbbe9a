"""One home: paths, keys, database, ledger, and the run that collects and then concludes."""

from assay.home.place import Home, NoHomeError, Surroundings, create_home, open_home
from assay.home.publishing import publish, signer

__all__ = ["Home", "NoHomeError", "Surroundings", "create_home", "open_home", "publish", "signer"]
