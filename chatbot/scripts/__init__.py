"""Scripted dialogues: what a person does, turn by turn, and what the reply has to hold.

The format is described in assets/dialogues/README.md. Nothing in a script is ever executed.
"""

from chatbot.scripts.dialogues import Action, Dialogue, Step, load_script
from chatbot.scripts.nodes import ScriptError
from chatbot.scripts.replay import Failure, Replay, replay, run_script

__all__ = ["Action", "Dialogue", "Failure", "Replay", "ScriptError", "Step", "load_script", "replay", "run_script"]
