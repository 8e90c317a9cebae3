"""Items: catalogs, their vectors, groups and ranking. Knows nothing of conversations."""
