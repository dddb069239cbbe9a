"""`python -m assay.cli`: the `assay` command where its script is not on the path."""

from assay.cli import main

main()
