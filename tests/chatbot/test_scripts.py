"""Scripts: what the reader refuses, and that the replay finds what is wrong and nothing else."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.scripts import ScriptError, load_script, replay, run_script
from chatbot.scripts.conditions import Condition, tightest
from index.catalog import Catalog, Field, Item
from index.errors import RapportError

SHOES = Catalog(
    "shoes",
    ("shoe", "shoes"),
    (Field("kind", "category", many=True, role="genre"), Field("made", "number", role="year", integer=True)),
    (
        Item("a", "Swift", {"kind": ("running",), "made": 2001}),
        Item("b", "Stroll", {"kind": ("walking", "leather"), "made": 1995}),
        Item("c", "Swift", {"kind": ("trail", "running"), "made": 2015}),
        Item("d", "Plain", {"kind": (), "made": None}),
    ),
)
NOTHING = {"likes": [], "dislikes": [], "constraints": [], "seen": [], "shown": []}


def belief(name, value, field="kind", item=None):
    kind = "item" if item else "attribute"
    return {"belief": name, "kind": kind, "field": None if item else field, "value": value, "id": item, "turn": 1}


def limit(name, op, value, field="made"):
    return {"belief": name, "field": field, "op": op, "value": value, "turn": 1}


def turn(act="recommend", shows="", text=None, choices=(), **state):
    items = [SHOES.item(item_id) for item_id in shows]
    facts = [{k: list(v) if isinstance(v, tuple) else v for k, v in item.facts.items()} for item in items]
    return {
        "act": act,
        "language": "en",
        "text": "Here: " + ", ".join(item.title for item in items) if text is None else text,
        "items": [{"id": i.id, "title": i.title, "facts": f} for i, f in zip(items, facts, strict=True)],
        "choices": list(choices),
        "state": NOTHING | state,
    }


class ScriptedBot:
    """Answers with the turns it was given, in order, and keeps what it was asked to do."""

    def __init__(self, *turns):
        self.index = SimpleNamespace(catalog=SHOES)
        self.turns, self.done, self.seed = list(turns), [], None

    def start(self, seed=None):
        self.seed = seed
        return self

    def _next(self, *action):
        self.done.append(action)
        answer = self.turns.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(to_json=lambda: answer)

    def say(self, text):
        return self._next("say", text)

    def undo(self, n=1):
        return self._next("undo", n)

    def restart(self):
        return self._next("restart")

    def feedback(self, item_id, value):
        return self._next("feedback", item_id, value)

    def forget(self, belief_id):
        return self._next("forget", belief_id)


@pytest.fixture
def script(tmp_path):
    def write(text):
        path = tmp_path / "script.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def failures(script):
    """The failed checks of a script against a bot that gives these turns."""

    def play(expect, *turns):
        steps = "".join(f"\n    - say: hello {n}" for n in range(len(turns) - 1))
        text = f"- name: one\n  turns:{steps}\n    - say: last\n      expect: {expect}\n"
        return [failure.check for failure in run_script(script(text), ScriptedBot(*turns))]

    return play


# --- what the reader refuses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", None, "holds no dialogue"),
        ("name: x", 1, "'turns' is missing"),
        ("name: x\nturns: []", 2, "list of turns"),
        ("name: x\nturns:\n - say: hi\n   expcet: {act: greet}", 4, "did you mean 'expect'"),
        ("name: x\nturns:\n - say: hi\n   expect:\n     acts: greet", 5, "did you mean 'act'"),
        ("name: x\nturns:\n - say: hi\n   expect: {act: gret}", 4, "unknown act 'gret'"),
        ("name: x\nturns:\n - say: hi\n   undo: 1", 3, "exactly one action"),
        ("name: x\nturns:\n - expect: {act: greet}", 3, "exactly one action"),
        ("name: x\nturns:\n - undo: 0", 3, "at least 1"),
        ("name: x\nturns:\n - undo: soon", 3, "whole number"),
        ("name: x\nturns:\n - feedback: {item: 1, value: love}", 3, "like, dislike, seen"),
        ("name: x\nturns:\n - feedback: {item: 1}", 3, "'value' is missing"),
        ("name: x\nname: y\nturns:\n - say: hi", 2, "stands twice"),
        ("name: x\nturns:\n - say: hi\n   expect: {every: {made: {least: 3}}}", 4, "unknown key 'least'"),
        ("name: x\nturns:\n - say: hi\n   expect: {every: {made: {min: old}}}", 4, "expected one number"),
        ("name: x\nturns:\n - say: hi\n   expect: {includes: []}", 4, "the list is empty"),
        ("name: x\nturns:\n - say: hi\n   expect: {new: maybe}", 4, "true or false"),
        ("name: x\nturns:\n - say: hi\n   expect: {text: {matches: '('}}", 4, "regular expression"),
        ("name: x\nturns:\n - say: hi\n   expect: {same_state_as: 1}", 4, "not before turn 1"),
        ("name: x\nturns:\n - say: [a, b]\n - say: [c, d]", 2, "only one turn"),
        ("- name: x\n  turns: [{say: a}]\n- name: x\n  turns: [{say: b}]", 2, "stands twice"),
        ("name: 'x\nturns:", 2, "not valid YAML"),
        ("name: &a x\nturns:\n - say: *a", None, "aliases"),
        ("[" * 5000, None, "nested too deeply"),
    ],
)
def test_a_broken_script_is_refused_with_file_line_and_reason(script, text, line, says):
    path = script(text)
    with pytest.raises(ScriptError) as error:
        load_script(path)
    assert str(error.value).startswith(f"{path}:{line}:" if line else f"{path}:")
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_an_unreadable_file_is_refused(tmp_path, name):
    with pytest.raises(ScriptError, match="cannot be read"):
        load_script(tmp_path / name)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "binary.yaml"
    path.write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(ScriptError, match="UTF-8"):
        load_script(path)


def test_tags_construct_nothing(script, tmp_path):
    made = tmp_path / "made"
    path = script(f"name: x\nturns:\n - say: !!python/object/apply:pathlib.Path.touch ['{made}']")
    dialogues = load_script(path)
    assert str(made) in str(dialogues[0].steps[0].action)
    assert not made.exists()


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_one_line(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("scripts") / "any.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    complaint = str(path)
    try:
        load_script(path)
    except ScriptError as error:
        complaint = str(error)
    assert complaint.startswith(str(path))
    assert len(complaint.splitlines()) == 1


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ("{every: {knd: running}}", "did you mean 'kind'"),
        ("{none: {made: 3, colour: red}}", "no field 'colour'"),
        ("{includes: Swoft}", "no item 'Swoft'"),
        ("{state: {likes: Nobody}}", "no item 'Nobody'"),
        ("{state: {lacks: {limits: weight}}}", "no field 'weight'"),
        ("{tells: {item: 1, field: heel}}", "no field 'heel'"),
    ],
)
def test_names_that_the_catalog_lacks_break_the_script(script, expect, says):
    path = script(f"name: x\nturns:\n - say: hi\n   expect: {expect}")
    with pytest.raises(ScriptError, match=says):
        run_script(path, ScriptedBot(turn()))


# --- what is played --------------------------------------------------------------------------------------------


def test_actions_reach_the_conversation_in_order(script):
    path = script(
        """
name: all actions
seed: 7
turns:
  - say: no
  - choose: 2
  - feedback: {item: 2, value: seen}
  - feedback: {item: Plain, value: like}
  - forget: running
  - forget: {field: made}
  - undo: 2
  - restart: true
"""
    )
    known = turn("acknowledge", text="ok", likes=[belief("b1", "Running")], constraints=[limit("b2", ">=", 2000)])
    bot = ScriptedBot(
        turn("ask", text="?", choices=["x", "y"]), turn(shows="ab"), known, known, known, known, known, known
    )
    assert run_script(path, bot) == []
    assert bot.seed == 7
    assert bot.done == [
        ("say", "no"),
        ("say", "y"),
        ("feedback", "b", "seen"),
        ("feedback", "d", "like"),
        ("forget", "b1"),
        ("forget", "b2"),
        ("undo", 2),
        ("restart",),
    ]


def test_a_turn_with_several_wordings_is_a_dialogue_each(script):
    path = script("name: greeting\nturns:\n - say: one\n - say: [hi, hello]\n - say: end")
    dialogues = load_script(path)
    assert [d.name for d in dialogues] == ["greeting: hi", "greeting: hello"]
    said = [[step.action.argument for step in d.steps] for d in dialogues]
    assert said == [["one", "hi", "end"], ["one", "hello", "end"]]


@pytest.mark.parametrize("action", ["choose: 1", "feedback: {item: 1, value: like}", "forget: running"])
def test_an_action_that_cannot_be_done_fails_and_ends_the_dialogue(script, action):
    path = script(f"name: x\nturns:\n - {action}\n - say: more")
    bot = ScriptedBot(turn())
    assert [failure.check for failure in run_script(path, bot)] == ["action"]
    assert bot.done == []


def test_an_error_of_the_bot_is_a_failure_with_its_text(script):
    path = script("name: x\nturns:\n - undo: 1\n - say: more")
    (failure,) = run_script(path, ScriptedBot(RapportError("nothing to undo")))
    assert (failure.check, failure.got, failure.turn, failure.line) == ("action", "nothing to undo", 1, 3)


def test_a_failure_reads_as_one_line_that_names_everything(script):
    path = script("name: wrong\nturns:\n - say: hi\n   expect: {act: greet}")
    (failure,) = run_script(path, ScriptedBot(turn("bye", text="bye")))
    assert str(failure) == f"{path}:3: wrong, turn 1 (say: hi): act: expected greet; got bye"


def test_an_open_dialogue_is_reported_only_when_it_holds(script):
    path = script("name: x\nopen: says goodbye too early\nturns:\n - say: hi\n   expect: {act: greet}")
    assert run_script(path, ScriptedBot(turn("bye", text="bye"))) == []
    (failure,) = run_script(path, ScriptedBot(turn("greet", text="hi")))
    assert failure.check == "open"


def test_the_transcript_holds_both_sides(script):
    (dialogue,) = load_script(script("name: x\nturns:\n - say: hi"))
    assert replay(dialogue, ScriptedBot(turn("greet", text="hello"))).transcript() == "> say: hi\n[greet] hello"


# --- each check holds where it should, and fails where it should --------------------------------------------------

RUNNING = turn(shows="ac", likes=[belief("b1", "running"), belief("b2", "Stroll", item="b")])
LIMITED = turn(shows="a", constraints=[limit("b1", ">=", 2000), limit("b2", "<", 2010), limit("b3", ">=", 1990)])
REFUSING = turn(shows="a", dislikes=[belief("b1", "leather"), belief("b2", "Plain", item="d")], seen=["b"])
IN = turn(shows="b", constraints=[limit("b1", "in", ["leather", "trail"], field="kind")])


@pytest.mark.parametrize(
    ("expect", "reply", "holds"),
    [
        ("{act: recommend}", RUNNING, True),
        ("{act: [ask, recommend]}", RUNNING, True),
        ("{act: ask}", RUNNING, False),
        ("{language: en}", RUNNING, True),
        ("{language: fr}", RUNNING, False),
        ("{items: 2}", RUNNING, True),
        ("{items: 1}", RUNNING, False),
        ("{items: {min: 1, max: 2}}", RUNNING, True),
        ("{items: {min: 3}}", RUNNING, False),
        ("{items: {max: 1}}", RUNNING, False),
        ("{choices: {min: 1}}", turn("ask", text="?", choices=["a"]), True),
        ("{choices: {min: 1}}", RUNNING, False),
        ("{every: {kind: running}}", RUNNING, True),
        ("{every: {kind: [trail, leather]}}", RUNNING, False),
        ("{every: {made: {min: 2001}}}", RUNNING, True),
        ("{every: {made: {above: 2001}}}", RUNNING, False),
        ("{every: {made: {below: 2015}}}", RUNNING, False),
        ("{every: {made: {min: 1}}}", turn(shows="d"), False),
        ("{every: {kind: running}}", turn("ask", text="?"), False),
        ("{any: {kind: {all: [trail, running]}, made: 2015}}", RUNNING, True),
        ("{any: {kind: trail, made: 2001}}", RUNNING, False),
        ("{none: {kind: [walking, leather]}}", RUNNING, True),
        ("{none: {kind: leather, made: 2015}}", RUNNING, False),
        ("{none: {kind: {contains: rai}}}", RUNNING, False),
        ("{every: {kind: {not: leather}}}", RUNNING, True),
        ("{every: {kind: {known: true}}}", turn(shows="ad"), False),
        ("{includes: Swift}", RUNNING, True),
        ("{includes: Swift (2015)}", turn(shows="a"), False),
        ("{includes: [a, Stroll]}", RUNNING, False),
        ("{excludes: [Stroll, d]}", RUNNING, True),
        ("{excludes: SWIFT}", RUNNING, False),
        ("{text: {contains: [swift, here]}}", RUNNING, True),
        ("{text: {contains: [swift, plain]}}", RUNNING, False),
        ("{text: {contains any: [swift, plain]}}", RUNNING, True),
        ("{text: {contains any: [stroll, plain]}}", RUNNING, False),
        ("{text: {lacks: stroll}}", RUNNING, True),
        ("{text: {lacks: swift}}", RUNNING, False),
        ("{text: {matches: '^Here'}}", RUNNING, True),
        ("{text: {matches: '^here'}}", RUNNING, False),
        ("{tells: {item: Stroll, field: made}}", turn("answer", text="It is of 1995."), True),
        ("{tells: {item: Stroll, field: made}}", turn("answer", text="It is of 1996."), False),
        ("{tells: {item: Plain, field: made}}", turn("answer", text="Nobody knows."), True),
        ("{tells: {item: 1, field: title}}", turn("answer", text="Nothing was shown."), False),
        ("{state: {wants: {kind: Running}}}", RUNNING, True),
        ("{state: {wants: running}}", RUNNING, True),
        ("{state: {wants: {kind: [running, trail]}}}", RUNNING, False),
        ("{state: {wants: {kind: [leather, trail]}}}", IN, True),
        ("{state: {lacks: {wants: trail}}}", RUNNING, True),
        ("{state: {lacks: {wants: {kind: running}}}}", RUNNING, False),
        ("{state: {refuses: {kind: leather}}}", REFUSING, True),
        ("{state: {refuses: {kind: running}}}", REFUSING, False),
        ("{state: {limits: {made: {min: 2000, below: 2010}}}}", LIMITED, True),
        ("{state: {limits: {made: {min: 2000}}}}", LIMITED, False),
        ("{state: {limits: {made: {min: 2000, max: 2010}}}}", LIMITED, False),
        ("{state: {lacks: {limits: made}}}", LIMITED, False),
        ("{state: {lacks: {limits: made}}}", RUNNING, True),
        ("{state: {likes: Stroll, lacks: {likes: Swift}}}", RUNNING, True),
        ("{state: {likes: Swift}}", RUNNING, False),
        ("{state: {dislikes: Plain, seen: Stroll}}", REFUSING, True),
        ("{state: {lacks: {seen: Stroll}}}", REFUSING, False),
        ("{state: {empty: true}}", turn("bye", text="bye"), True),
        ("{state: {empty: true}}", LIMITED, False),
        ("{state: {empty: false}}", LIMITED, True),
        ("{same_state_as: 0}", turn("bye", text="bye"), True),
        ("{same_state_as: 0}", REFUSING, False),
    ],
)
def test_a_check_holds_or_fails(failures, expect, reply, holds):
    assert bool(failures(expect, reply)) != holds


def test_positions_mean_the_list_shown_before(failures):
    ask = turn("acknowledge", text="ok", likes=[belief("b1", "Stroll", item="b")])
    assert failures("{state: {likes: 2, lacks: {likes: [1, 3]}}}", turn(shows="abc"), turn("ask", text="?"), ask) == []
    assert failures("{state: {likes: 1}}", turn(shows="abc"), ask) == ["state likes"]
    assert failures("{includes: 1, excludes: 2}", turn(shows="ab"), turn(shows="a")) == []


def test_new_items_are_those_never_shown(failures):
    assert failures("{new: true}", turn(shows="ab"), turn(shows="c")) == []
    assert failures("{new: true}", turn(shows="ab"), turn(shows="cb")) == ["new"]
    assert failures("{new: true}", turn(shows="ab"), turn("ask", text="?")) == ["new"]


def test_states_are_the_same_whatever_the_ids_of_their_beliefs(failures):
    first, same = turn("ask", text="?", likes=[belief("b1", "x")]), turn("ask", text="?", likes=[belief("b9", "x")])
    assert failures("{same_state_as: 1}", first, same) == []
    assert failures("{same_state_as: 1}", first, turn("ask", text="?", dislikes=[belief("b1", "x")])) == [
        "same_state_as"
    ]


@pytest.mark.parametrize(
    ("reply", "check"),
    [
        (turn("wander", text="?"), "act"),
        (turn("ask", text="  "), "text"),
        (turn(shows="b", text="Here is one."), "text"),
        (turn(shows="bb"), "items"),
        (turn(shows="b", dislikes=[belief("b1", "Leather")]), "items"),
        (turn(shows="b", dislikes=[belief("b1", "Stroll", item="b")]), "items"),
        (turn(shows="b", seen=["b"]), "items"),
        (turn(shows="b", constraints=[limit("b1", "!=", "leather", field="kind")]), "items"),
    ],
)
def test_every_reply_is_held_against_what_must_always_be(failures, reply, check):
    assert failures("{language: en}", reply) == [check]


# --- conditions and limits -----------------------------------------------------------------------------------------

BOUNDS = st.lists(st.tuples(st.sampled_from(["<", "<=", ">", ">="]), st.integers(-5, 5)), min_size=1)


@given(BOUNDS, st.integers(-7, 7))
def test_the_tightest_limits_admit_the_same_numbers(bounds, number):
    compare = {"<": number.__lt__, "<=": number.__le__, ">": number.__gt__, ">=": number.__ge__}
    assert Condition(tightest(bounds)).holds(number) == all(compare[op](value) for op, value in bounds)
