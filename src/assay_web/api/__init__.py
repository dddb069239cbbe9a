"""The programming interface: what screens do, for other programs, over HTTP with tokens. `assay_web.api.everything` puts it together."""
