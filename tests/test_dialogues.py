"""Every dialogue under assets/dialogues, played with the bundled films: one test each."""

from pathlib import Path

import pytest

from chatbot.scripts import load_script, replay
from chatbot.scripts.checks import READERS, TEXT_KEYS, Names
from chatbot.scripts.conditions import WORDS
from chatbot.scripts.dialogues import ACTIONS
from chatbot.scripts.profile import KEYS
from chatbot.scripts.replay import check_names

FOLDER = Path(__file__).parents[1] / "assets" / "dialogues"
DIALOGUES = [dialogue for path in sorted(FOLDER.glob("*.yaml")) for dialogue in load_script(path)]


FIRST_OF_EACH_FILE = list({dialogue.path: dialogue for dialogue in reversed(DIALOGUES) if not dialogue.open}.values())


def named(dialogue):
    return f"{Path(dialogue.path).stem}/{dialogue.name}"[:90]


@pytest.fixture(scope="module")
def bot():
    """What is said is the same whoever writes it; templates write hundreds of replies in seconds."""
    from chatbot import Chatbot

    return Chatbot.load(generator="templates")


@pytest.fixture(scope="module")
def bot_with_model():
    from chatbot import Chatbot

    return Chatbot.load()


@pytest.fixture(scope="module")
def names(bot):
    return Names(bot.index.catalog)


def play(dialogue, bot, names):
    check_names(dialogue, names)
    played = replay(dialogue, bot, names)
    if dialogue.open:
        assert played.failures, f"all holds now; remove `open: {dialogue.open}`"
        pytest.xfail(dialogue.open)
    assert not played.failures, "\n".join([*map(str, played.failures), played.transcript()])


def test_there_are_dialogues_of_many_kinds():
    assert len({(d.path, d.name.partition(":")[0]) for d in DIALOGUES if not d.open}) >= 48


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=named)
def test_dialogue(dialogue, bot, names):
    play(dialogue, bot, names)


@pytest.mark.parametrize("dialogue", FIRST_OF_EACH_FILE, ids=named)
def test_dialogue_in_the_words_of_the_model(dialogue, bot_with_model, names):
    play(dialogue, bot_with_model, names)


def test_the_format_is_described_in_full(tmp_path):
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    missing = [
        word
        for word in ("open", *READERS, *WORDS, *TEXT_KEYS, *KEYS, *ACTIONS)
        if f"`{word}" not in text and f"{word}: " not in text
    ]
    assert not missing
    example = tmp_path / "example.yaml"
    example.write_text(text.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    assert len(load_script(example)) == 3
