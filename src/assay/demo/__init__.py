"""The demonstration world: a small company's AWS account, GitHub organization and files, all on loopback."""
