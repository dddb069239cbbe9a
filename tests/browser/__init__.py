"""The workspace as a person meets it: a real `assay serve`, a real Chromium, nothing in between."""
