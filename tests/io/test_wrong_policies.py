"""Policy files: what is wrong is refused with file, line, key and what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.domain import RULES, Parameter
from scheduler.errors import InputError
from scheduler.io import load_policy
from scheduler.io.toml import key_lines

#: Text of a file, and the one sentence about it.
WRONG = [
    ("[rules.waitng]", "line 1, key rules.waitng: unknown rule (found 'waitng'); did you mean 'waiting'?"),
    ("[rules.Waiting]", "line 1, key rules.Waiting: unknown rule (found 'Waiting'); did you mean 'waiting'?"),
    (
        '[rules."unit capacity"]',
        "line 1, key rules.unit capacity: unknown rule (found 'unit capacity'); did you mean 'unit_capacity'?",
    ),
    # by the title, as `rotations rules` shows it: 'slot_fill' looks more alike, but is not what is called "Slot full"
    (
        "[rules.changes_of_site]",
        "line 1, key rules.changes_of_site: unknown rule (found 'changes_of_site'); did you mean 'site_change'?",
    ),
    ("[rules.slot_full]", "line 1, key rules.slot_full: unknown rule (found 'slot_full'); did you mean 'slot_maximum'?"),
    ("[rules.xyzzy]", "line 1, key rules.xyzzy: unknown rule (found 'xyzzy'); `rotations rules` lists them"),
    (
        '[rules.waiting]\nkind = "of"',
        "line 2, key rules.waiting.kind: unknown kind (found 'of'); expected one of soft, off; did you mean 'off'?",
    ),
    (
        '[rules.waiting]\nkind = "on"',
        "line 2, key rules.waiting.kind: unknown kind (found 'on'); expected one of soft, off; write \"soft\"",
    ),
    (
        "[rules.unit_capacity]\nkind = true",
        "line 2, key rules.unit_capacity.kind: unknown kind (found 'true'); "
        'expected one of hard, soft, off; write "hard" or "soft"',
    ),
    (
        "[rules.waiting]\nkind = false",
        "line 2, key rules.waiting.kind: unknown kind (found 'false'); expected one of soft, off; write \"off\"",
    ),
    # a kind that exists is no misspelling of another one
    (
        '[rules.most_sites]\nkind = "soft"',
        "line 2, key rules.most_sites.kind: the rule most_sites cannot be soft (found 'soft'); expected one of hard, off",
    ),
    (
        '[rules.requirement]\nkind = "off"',
        "line 2, key rules.requirement.kind: the rule requirement cannot be off (found 'off'); expected soft",
    ),
    ("[rules.waiting]\nkind = off", 'line 2: is not valid TOML: Invalid value; put text between quotes: "off"'),
    (
        "[rules.waiting]\nweight = 1,000",
        "line 2: is not valid TOML: Expected newline or end of document after a statement; write numbers without commas: 1000",
    ),
    (
        "[rules.waiting]\n\nweight = -1",
        "line 3, key rules.waiting.weight: the weight does not fit (found '-1'); expected a whole number from 0 to 1,000,000",
    ),
    (
        "[rules.waiting]\nwieght = 3",
        "line 2, key rules.waiting.wieght: the rule waiting has no such parameter (found 'wieght'); "
        "expected one of kind, weight, level; did you mean 'weight'?",
    ),
    (
        "[rules.waiting]\noff = true",
        "line 2, key rules.waiting.off: the rule waiting has no such parameter (found 'off'); "
        'expected one of kind, weight, level; write kind = "off"',
    ),
    (
        '[rules.preference]\nunranked = "lst"',
        "line 2, key rules.preference.unranked: unknown choice (found 'lst'); "
        "expected one of last, indifferent, refused; did you mean 'last'?",
    ),
    (
        '[rules.agreement]\nstatuses = ["signed", "renewed"]',
        "line 2, key rules.agreement.statuses: unknown choice (found 'renewed'); "
        "expected one of signed, renewing, planned; did you mean 'renewing'?",
    ),
    (
        '[rules.agreement]\nstatuses = "signed"',
        "line 2, key rules.agreement.statuses: the parameter does not fit (found 'signed'); "
        'expected a list of signed, renewing, planned; put it between brackets: ["signed"]',
    ),
    (
        '[rules.agreement]\nstatuses = ["signed", "signed"]',
        "line 2, key rules.agreement.statuses: the list names something twice (found 'signed')",
    ),
    (
        'rules.waiting = "off"',
        "line 1, key rules.waiting: the rule's entry is not a table (found 'off'); expected kind, weight, level or parameters; "
        'write [rules.waiting] and under it kind = "off"',
    ),
    (
        "[rules.waiting]\nweight = 3\n[rules.waiting]\nlevel = 2",
        "line 3: is not valid TOML: Cannot declare ('rules', 'waiting') twice; "
        "the same key or table stands there twice; remove one of them",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_what_is_wrong_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text + "\n")
    with pytest.raises(InputError) as caught:
        load_policy(path)
    joint = " " if sentence.startswith("line") else ""
    assert [str(p) for p in caught.value.problems] == [f"p.toml{joint}{sentence}"]


@pytest.mark.parametrize(
    ("value", "good"), [("0", False), ("1", True), ("52", True), ("53", False), ("true", False), ('"4"', False)]
)
def test_whole_numbers_have_a_range(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, good: bool) -> None:
    monkeypatch.setitem(RULES["waiting"].parameters, "weeks", Parameter(4, "Weeks.", least=1, most=52))
    path = tmp_path / "p.toml"
    path.write_text(f"[rules.waiting]\nweeks = {value}\n")
    if good:
        assert load_policy(path).rules["waiting"].parameters == {"weeks": int(value)}
        return
    with pytest.raises(InputError, match="expected a whole number from 1 to 52"):
        load_policy(path)


def test_lines_of_keys() -> None:
    text = """sense = "minimise"
# [rules.order]
[rules]
order.weight = 1

  [ rules . "waiting" ]
weight = 3 # weight = 4
[[shifts]]
shift = "a"
[[shifts]]
shift = "b"
"""
    line_of = key_lines(text)
    assert line_of(("sense",)) == 1
    assert line_of(("rules", "order", "weight")) == 4
    assert line_of(("rules", "waiting")) == 6
    assert line_of(("rules", "waiting", "weight")) == 7
    assert line_of(("rules", "waiting", "level")) == 6  # not there: where it belongs
    assert line_of(("shifts", "2", "shift")) == 11
    assert line_of(("weeks",)) is None
