"""How pages are drawn: the tags that templates share, and the pages of errors. Knows no record."""
