"""`arclight version`."""

import arclight


def version() -> None:
    """Print the version."""
    print(arclight.__version__)
