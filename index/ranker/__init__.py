"""A ranking learned from dialogues: what was named next, given what was said and named before."""
