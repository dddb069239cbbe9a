"""All rows of the workspace. What the command line shares (the ledger, sources, settings) is `assay.home`'s."""
