"""The command line as other programs use it: formats to the letter, and bad input in one line."""

import io
import json
import subprocess
import sys

import pytest
from house import bot_for, talk

from chatbot.cli import main
from chatbot.ranking import ContextError, rank_lines
from chatbot.terminal import chat, chat_json
from index.folder import load_index


def exchange(*lines):
    """The answers of `chat --json` to these lines."""
    out = io.StringIO()
    chat_json(talk(), io.StringIO("".join(f"{line}\n" for line in lines)), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_turn_has_every_part_of_the_contract():
    (turn,) = exchange('{"say": "a comedy from the 90s, no romance"}')
    assert set(turn) == {"turn", "act", "language", "text", "items", "state", "choices", "timing_ms"}
    assert set(turn["state"]) == {"likes", "dislikes", "constraints", "seen", "shown"}
    assert set(turn["timing_ms"]) == {"understand", "rank", "write", "total"}
    assert turn["turn"] == 1
    for item in turn["items"]:
        assert set(item) == {"id", "title", "score", "reason", "facts"}
        assert set(item["facts"]) == {field.name for field in bot_for("films").index.catalog.fields}
        assert 0 <= item["score"] <= 1
    assert turn["state"]["shown"] == [item["id"] for item in turn["items"]]


BAD = [
    "not json", "[]", "{}", '{"nope": 1}', '{"say": 5}', '{"undo": "x"}', '{"undo": 0}', '{"undo": true}',
    '{"restart": 1}', '{"feedback": {"item": "no-such-item", "value": "like"}}', '{"feedback": {"item": 1}}',
    '{"forget": {"belief": "no-such-belief"}}', '{"say": "a", "undo": 1}', "null", '"say"', "[" * 5000,
]  # fmt: skip


def test_programs_are_offered_choices_with_questions_alone():
    greeted, asked = exchange('{"say": "hi"}', '{"say": "recommend me something"}')
    assert (greeted["act"], greeted["choices"]) == ("greet", [])
    assert asked["act"] != "ask" or asked["choices"]


@pytest.mark.parametrize("line", BAD)
def test_a_line_that_is_no_action_is_answered_and_changes_nothing(line):
    first, bad, second = exchange('{"say": "a comedy"}', line, '{"say": "what do you know about me?"}')
    assert set(bad) == {"error"}
    assert second["state"]["constraints"] == first["state"]["constraints"]
    assert second["turn"] == 2


@pytest.mark.parametrize(
    "text", ["", "   ", "x" * 10_000, "\x00\x07", "<script>alert(1)</script>", "😱" * 500, "مرحبا"]
)
def test_odd_messages_get_an_answer_and_lose_nothing(text):
    first, odd, after = exchange('{"say": "no horror"}', json.dumps({"say": text}), '{"say": "a thriller"}')
    assert odd["text"]
    assert odd["act"] == "decline"
    assert first["state"]["dislikes"] == odd["state"]["dislikes"] == after["state"]["dislikes"]


def test_undo_restart_and_feedback_in_json():
    answers = exchange(
        '{"say": "a comedy"}', '{"say": "with Jim Carrey"}', '{"undo": 1}',
        '{"feedback": {"item": "6", "value": "seen"}}',
        '{"restart": true}',
    )  # fmt: skip
    assert answers[2]["state"] == answers[0]["state"]
    assert answers[3]["state"]["seen"] == ["6"]
    assert not any(answers[4]["state"].values())


def test_the_terminal_streams_until_goodbye():
    out = io.StringIO()
    chat(talk(), io.StringIO("a comedy\nbye\nnever read\n"), out)
    assert "1. " in out.getvalue()
    assert out.getvalue().count("you> ") == 2


def ranked(*lines, top=5):
    out = io.StringIO()
    rank_lines(bot_for("films"), io.StringIO("".join(f"{line}\n" for line in lines)), out, top)
    return [json.loads(line)["items"] for line in out.getvalue().splitlines()]


def test_rank_answers_in_order_and_leaves_out_the_excluded():
    context = {"messages": [{"role": "user", "text": "a scary film"}]}
    (first,) = ranked(json.dumps(context))
    assert len(first) == 5
    again, other = ranked(
        json.dumps({**context, "exclude": [first[0][0]]}),
        json.dumps({"messages": [{"role": "user", "text": "comedy"}]}),
    )
    assert first[0][0] not in [item_id for item_id, _ in again]
    assert [score for _, score in other] == sorted((score for _, score in other), reverse=True)


@pytest.mark.parametrize(
    "line",
    [
        "nonsense", "{}", '{"messages": 3}', '{"messages": [{"role": "cat", "text": "hi"}]}',
        '{"messages": [{"role": "user"}]}',
    ],
)  # fmt: skip
def test_rank_names_the_line_that_is_wrong(line):
    with pytest.raises(ContextError, match="line 2"):
        ranked('{"messages": []}', line)


COMMANDS = ("serve", "chat", "index", "rank", "write", "replay", "train", "evaluate")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert "example: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["chat", "--index", "/nowhere/at/all"], "/nowhere/at/all"), (["chat", "--indx", "x"], "--indx"),
        (["serve", "--port", "0"], "'0'"), (["rank", "--top", "none"], "'none'"), (["nonsense"], "nonsense"),
        (["replay", "/no/such.yaml"], "/no/such.yaml"), (["index", "/no/such.csv", "-o", "/tmp/x"], "/no/such.csv"),
        (["index"], "--output"), (["index", "-o", "/tmp/x"], "catalog"),
        (["chat", "--generator", "/no/model"], "/no/model"),
    ],
)  # fmt: skip
def test_bad_input_ends_with_2_and_one_line_that_names_it(arguments, named, capsys):
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = stop.code
    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert named in said.err


def test_help_loads_nothing_heavy():
    """What takes seconds to import is imported by the commands that need it."""
    program = "import sys; sys.argv = ['chatbot', '--help']\nimport chatbot.cli\n"
    program += "try: chatbot.cli.main()\nexcept SystemExit: pass\n"
    program += "print([m for m in ('torch', 'transformers', 'gradio', 'faiss', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_items_come_and_go_in_an_index_that_is_there(tmp_path, capsys):
    shop, more, folder = tmp_path / "shop.csv", tmp_path / "more.csv", str(tmp_path / "index")
    shop.write_text("id,name,category\n1,red lamp,lamp\n2,oak chair,chair\n3,blue lamp,lamp\n", "utf-8")
    more.write_text("id,name,category\n4,green lamp,lamp\n", "utf-8")

    def ids():
        return [item.id for item in load_index(folder).catalog.items]

    assert not main(["index", str(shop), "-o", folder, "--encoder", "hashing-32"])
    assert not main(["index", str(more), "--add", "-o", folder])
    assert ids() == ["1", "2", "3", "4"]
    assert not main(["index", "--remove", "2", "3", "-o", folder])
    assert ids() == ["1", "4"]
    assert main(["index", "--remove", "2", "-o", folder]) == 2
    assert "no item '2'" in capsys.readouterr().err
