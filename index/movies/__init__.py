"""The film catalog: how it is put together from its sources. Run as `python -m index.movies --data DIR`."""
