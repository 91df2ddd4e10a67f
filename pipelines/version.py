"""The version of the package."""

import importlib.metadata


def version() -> str:
    """As it is installed; empty where it runs from a checkout that is not."""
    try:
        return importlib.metadata.version("wirelake")
    except importlib.metadata.PackageNotFoundError:
        return ""
