"""What can go wrong, said to the person who must act: what happened, to which thing, what to do now."""


class AssayError(Exception):
    """An error whose text is a whole sentence for the user; the command line prints it without a traceback."""
