"""What conversations leave behind, and what the next index makes of it."""

import json
import subprocess
import sys

import pytest
from house import bot_for, films

from chatbot.errors import ActionError
from chatbot.feedback import FeedbackLog, record
from index.dialogues import read_dialogues
from index.folder import load_index, save_index


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_conversation_is_kept_when_it_tells_of_items(tmp_path):
    log = FeedbackLog(tmp_path / "feedback.jsonl")
    talk = bot_for("films").listened_to(log.note).start(seed=1)
    talk.say("a comedy")
    assert lines(tmp_path / "feedback.jsonl") == []
    turn = talk.say("I loved Alien")
    talk.feedback(turn.items[0].id, "dislike")
    talk.feedback(turn.items[1].id, "seen")
    kept = lines(tmp_path / "feedback.jsonl")
    assert {line["id"] for line in kept} == {talk.key}
    assert kept[-1] == record(talk)
    assert kept[-1]["likes"] == ["1"]
    assert kept[-1]["dislikes"] == [turn.items[0].id]
    assert kept[-1]["seen"] == [turn.items[1].id]
    assert [m["text"] for m in kept[-1]["messages"] if m["role"] == "user"] == ["a comedy", "I loved Alien"]
    assert kept[-1]["messages"][2]["mentions"] == ["1"]


def test_the_last_line_of_a_conversation_counts_and_a_restart_begins_another(tmp_path):
    path = tmp_path / "feedback.jsonl"
    talk = bot_for("films").listened_to(FeedbackLog(path).note).start(seed=1)
    talk.say("I loved Alien")
    talk.say("and Heat")
    talk.say("I loved Heat")
    talk.restart()
    talk.say("I hate Frozen")
    read = read_dialogues(path, films().positions)
    assert len(read) == 2
    assert {films().items[i].title for i in read[0].liked} == {"Alien", "Heat"}
    assert {films().items[i].title for i in read[1].disliked} == {"Frozen"}


def test_without_a_listener_nothing_is_kept():
    assert bot_for("films").listener is None


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(ActionError, match="name another file"):
        FeedbackLog(tmp_path / "missing" / "feedback.jsonl")


def test_the_next_index_has_learned_from_it(tmp_path):
    path, before, after = tmp_path / "feedback.jsonl", tmp_path / "before", tmp_path / "after"
    save_index(bot_for("films").index, before)
    bot = bot_for("films").listened_to(FeedbackLog(path).note)
    for _ in range(4):
        talk = bot.start(seed=1)
        talk.say("I loved Alien")
        talk.say("I loved Notting Hill")
    command = [
        sys.executable,
        "-m",
        "chatbot.cli",
        "train",
        "scorer",
        "--feedback",
        path,
        "--index",
        before,
        "-o",
        after,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "4 conversations, 2 of 20 items moved" in done.stderr
    old, new = load_index(before), load_index(after)
    alien, hill = old.catalog.positions["1"], old.catalog.positions["15"]
    assert new.vectors[alien] @ new.vectors[hill] > old.vectors[alien] @ old.vectors[hill] + 0.1
