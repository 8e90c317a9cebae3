"""Simulated users: people with a hidden target and an agenda of needs, who talk to the bot as anybody would.

They know the record of their target and read what a reply shows: its act, its list, its choices and its text. They
know nothing of how the bot works, never say the title of their target, and tell no lie about it but the slip that some
take back. The words are those of assets/language/<language>.users.toml.
"""
