"""Catalogs from files of the user's own."""

from index.storing import load_catalog, save_catalog

__all__ = ["load_catalog", "save_catalog"]
