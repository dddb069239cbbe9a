"""The programme in the workspace: the start, the scope, the interview, commitments and help."""
