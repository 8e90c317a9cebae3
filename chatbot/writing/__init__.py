"""Texts for a catalog's owner: about one item, from its record and its ratings alone, through the same check."""
