"""Where the files that ship with the program lie: inside an installed package, or beside it in a checkout."""

from pathlib import Path


def assets_dir() -> Path:
    """The folder `assets`."""
    package = Path(__file__).resolve().parent
    installed = package / "assets"
    return installed if installed.is_dir() else package.parent / "assets"
