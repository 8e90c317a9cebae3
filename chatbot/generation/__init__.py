"""Dialogue acts → text: a small GPT-2 writes with facts in slots, and code checks every word of it."""
