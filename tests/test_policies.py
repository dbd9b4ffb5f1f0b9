"""Policies as a coordinator meets them: listed, written to be edited, ready-made, and what levels do to a schedule."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import cli
from scheduler.domain import BY_FAMILY, RULES, Status
from scheduler.io import load_policy, read_instance
from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.verify.world import slot, week, world

ROOT = Path(__file__).parent.parent
READY = ROOT / "docs" / "policies"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[rules.waiting]\nweight = 1500\nlevel = 2\n[rules.unit_capacity]\nkind = "hard"\n[rules.preference]\nkind = "off"\n'
    )
    return path


def said(capsys: Capture, *arguments: object) -> str:
    assert cli.run([str(word) for word in arguments]) == 0
    return capsys.readouterr().out


# ---------------------------------------------------------------------------------------------------------------- listed


def test_rules_are_listed_by_family(capsys: Capture) -> None:
    text = said(capsys, "rules")
    found = [block.splitlines() for block in text.split("\n\n")[1:]]
    for (heading, specs), lines in zip(BY_FAMILY.items(), found, strict=True):
        own = [i for i, line in enumerate(lines) if re.match(r"  \w+ +(hard|soft|off) ", line)]
        assert " ".join(line.strip() for line in lines[: own[0]]) == heading
        assert [lines[i].split()[0] for i in own] == [spec.id for spec in specs]
        titles = [" ".join(" ".join(lines[i:j]).split()) for i, j in zip(own, [*own[1:], len(lines)], strict=True)]
        assert all(title.endswith(spec.title) for title, spec in zip(titles, specs, strict=True))
    assert re.search(r"^  preference +soft +1 +1  Preferences$", text, re.MULTILINE)
    assert re.search(r"^  one_place +hard +One place at a time$", text, re.MULTILINE)
    assert max(map(len, text.splitlines())) <= 80


def test_what_a_policy_changes_is_marked(capsys: Capture, mine: Path) -> None:
    text = said(capsys, "rules", "--policy", mine)
    changed = re.findall(r"^\* (\w+) +(\w+)(?: +([\d,]+) +(\d))?  ", text, re.MULTILINE)
    assert changed == [("preference", "off", "", ""), ("waiting", "soft", "1,500", "2")]  # unit_capacity is hard anyway
    assert "Waiting\n    weight 1500 (by default 1)\n    level 2 (by default 1)\n" in text
    assert text.endswith("\n2 rules are not as by default (*).\n")


def test_the_policy_of_an_instance_is_marked_too(capsys: Capture, mine: Path, tmp_path: Path) -> None:
    folder = tmp_path / "term"
    folder.mkdir()
    for path in (ROOT / "instances" / "tiny").glob("*.*"):
        (folder / path.name).write_bytes(path.read_bytes())
    with (folder / "instance.toml").open("a") as stream:
        stream.write("\n[policy.rules.waiting]\nweight = 3\n[policy.rules.site_change]\nweight = 9\n")
    rows = {row["id"]: row for row in json.loads(said(capsys, "rules", "--instance", folder, "--policy", mine, "--json"))}
    assert list(rows) == list(RULES)
    assert rows["waiting"]["setting"] == {"kind": "soft", "weight": 1500, "level": 2}  # the file goes on top
    assert rows["site_change"]["changed"] == ["weight"]
    assert (rows["waiting"]["weight"], rows["waiting"]["family"]) == (1, list(BY_FAMILY)[-1])
    assert "setting" not in json.loads(said(capsys, "rules", "--json"))[0]


def test_a_page_says_what_the_policy_makes_of_the_rule(capsys: Capture, mine: Path) -> None:
    page = said(capsys, "rules", "waiting", "--policy", mine)
    assert page.endswith("Under this policy: soft, weight 1500 (by default 1), level 2 (by default 1).\n")
    assert said(capsys, "rules", "preference", "--policy", mine).endswith(": off (by default soft), unranked last.\n")


@pytest.mark.parametrize(
    ("name", "near"), [("Unit-Capacity", "unit_capacity"), ("changes of site", "site_change"), ("slot full", "slot_maximum")]
)
def test_a_rule_is_found_by_a_name_that_is_nearly_right(capsys: Capture, name: str, near: str) -> None:
    assert cli.run(["rules", name]) == 2
    assert f"did you mean {near!r}?" in capsys.readouterr().err


# --------------------------------------------------------------------------------------------------------------- written


def test_a_written_policy_is_used_unchanged(capsys: Capture, mine: Path, tmp_path: Path) -> None:
    path = tmp_path / "full.toml"
    assert "2 rules are not as by default" in said(capsys, "policy", path, "--policy", mine)
    old, new = load_policy(mine), load_policy(path)
    assert {r: new.setting(spec) for r, spec in RULES.items()} == {r: old.setting(spec) for r, spec in RULES.items()}
    before = path.read_bytes()
    assert cli.run(["policy", str(path)]) == 2
    assert "there is such a file already; name another one, or add --replace" in capsys.readouterr().err
    assert path.read_bytes() == before
    said(capsys, "policy", path, "--policy", path, "--replace")  # again with what was edited
    again = load_policy(path)
    assert again == new


def test_a_policy_is_printed_where_no_file_is_named(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(said(capsys, "policy", "--instance", ROOT / "instances" / "small"))
    assert not any(load_policy(tmp_path / "p.toml").differences(spec) for spec in RULES.values())


# ------------------------------------------------------------------------------------------------------------ ready-made


@pytest.mark.parametrize("path", sorted(READY.glob("*.toml")), ids=lambda p: p.name)
def test_ready_made_policies_are_policies(path: Path) -> None:
    policy = load_policy(path)
    assert any(policy.differences(spec) for spec in RULES.values())


def test_core_only_switches_off() -> None:
    policy = load_policy(READY / "core.toml")
    assert {entry.kind for entry in policy.rules.values()} == {"off"}
    for rule in ("conflict", "clearance", "agreement", "order", "availability", "unit_capacity"):  # they protect people
        assert policy.setting(RULES[rule]).kind == "hard"


def test_levels_has_every_wish_at_a_level() -> None:
    policy = load_policy(READY / "levels.toml")
    wishes = {rule for rule, spec in RULES.items() if spec.kind == "soft" or "hard" not in spec.kinds}
    assert set(policy.rules) == wishes
    assert {policy.setting(RULES[rule]).level for rule in wishes} == {1, 2, 3}
    assert policy.rules["requirement"].level == policy.rules["elective"].level == 1
    assert policy.rules["waiting"].level == 2
    assert policy.rules["preference"].level == 3


@pytest.mark.parametrize("strategy", ["direct", "auto"])
def test_levels_come_one_after_another(strategy: str) -> None:
    small = read_instance(ROOT / "instances" / "small")
    instance = small.model_copy(update={"policy": small.policy.merged(load_policy(READY / "levels.toml"))})
    schedule = solve(instance, Settings(strategy=strategy, time_limit_s=120, workers=2))
    report = verify(instance, schedule)
    assert report.ok
    assert schedule.status is Status.OPTIMAL
    assert [(r.level, r.status, r.bound) for r in schedule.levels] == [
        (r.level, Status.OPTIMAL, r.objective) for r in schedule.levels
    ]
    # two rotations can be placed in no schedule, each costs 100 × weight 10; the solution in `solutions` weighs all at once and
    # costs 2,072, so a schedule that is best level by level costs at least as much
    assert schedule.levels[0].objective == 2000
    assert schedule.objective == sum(r.objective for r in schedule.levels) >= 2072
    assert schedule.bound is None
    for result in schedule.levels:
        own = [s.cost for s in schedule.scores if s.level == result.level]
        assert result.objective == sum(own)


def test_no_wish_of_a_later_level_leaves_anybody_out() -> None:
    # ann's ward begins in week 10 only: eight weeks of waiting after the clinic cost more than a rotation does
    wards = {"slots": [slot("ward", first_start=week(10)), slot("clinic")], "students": [{"student": "ann", "program": "nurs"}]}
    rules = {"waiting": {"weight": 1000}}
    weighed = solve(world(rules, **wards), Settings(workers=1))
    assert [row.requirement for row in weighed.unplaced] == ["MS"]
    instance = world(rules, **wards)
    instance = instance.model_copy(update={"policy": instance.policy.merged(load_policy(READY / "levels.toml"))})
    in_levels = solve(instance, Settings(workers=1))
    assert not in_levels.unplaced
    assert in_levels.levels[0].objective == 0
    assert {s.rule: s.penalty for s in in_levels.scores}["waiting"] == 8
