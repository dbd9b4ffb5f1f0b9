"""A policy as a page of prose: it is a policy file that says what the policy says, and defaults become settings by one sign."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.domain import BY_FAMILY, RULES, Parameter, Policy, RulePolicy
from scheduler.domain.policy import ParameterValue
from scheduler.errors import InputError
from scheduler.io import load_policy, policy_text, write_policy

DEFAULTS = {rule: Policy().setting(spec) for rule, spec in RULES.items()}


def other(parameter: Parameter) -> ParameterValue:
    """A value that is allowed and not the default."""
    default = parameter.default
    if isinstance(default, tuple):
        return tuple(reversed(default))[:-1]
    if isinstance(default, bool):
        return not default
    if isinstance(default, int):
        return default + 1 if default < parameter.most else default - 1
    return next((choice for choice in parameter.choices if choice != default), 'a "new" \\ one')


def changed(spec_id: str) -> RulePolicy:
    spec = RULES[spec_id]
    parameters = {name: other(parameter) for name, parameter in spec.parameters.items()}
    return RulePolicy(kind=spec.kinds[-1], weight=spec.weight + 1, level=spec.level + 1, parameters=parameters)


EVERYTHING = Policy(sense="maximise", rules={rule: changed(rule) for rule in RULES})


def read_back(tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "p.toml"
    path.write_text(text, "utf-8")
    return load_policy(path)


def test_a_page_of_defaults_changes_nothing(tmp_path: Path) -> None:
    again = read_back(tmp_path, policy_text(Policy(), "Nothing set."))
    assert again.rules == dict.fromkeys(RULES, RulePolicy())
    assert again.model_fields_set == {"rules"}
    assert EVERYTHING.merged(again) == EVERYTHING


@pytest.mark.parametrize("complete", [True, False])
def test_what_is_set_is_read_back(tmp_path: Path, complete: bool) -> None:
    again = read_back(tmp_path, policy_text(EVERYTHING, "Everything set.", complete=complete))
    assert again == EVERYTHING
    assert all(EVERYTHING.differences(spec) for spec in RULES.values())


def test_a_value_that_is_set_to_its_default_stays_set(tmp_path: Path) -> None:
    """Above an instance whose policy has another value, leaving it out would be something else."""
    instance = Policy(rules={"waiting": RulePolicy(weight=7)})
    back = Policy(rules={"waiting": RulePolicy(weight=RULES["waiting"].weight)})
    again = read_back(tmp_path, policy_text(instance.merged(back), "Back to the default."))
    assert instance.merged(again).setting(RULES["waiting"]) == DEFAULTS["waiting"]


def test_defaults_are_set_by_taking_the_sign_away(tmp_path: Path) -> None:
    text = re.sub(r"^#(?=\w+ = )", "", policy_text(Policy(), "All set."), flags=re.MULTILINE)
    again = read_back(tmp_path, text)
    assert {rule: again.setting(spec) for rule, spec in RULES.items()} == DEFAULTS
    for spec in RULES.values():
        own = again.rules[spec.id]
        assert own.kind == spec.kind
        assert (own.weight, own.level) == ((spec.weight, spec.level) if "soft" in spec.kinds else (None, None))
        assert own.parameters == {name: parameter.default for name, parameter in spec.parameters.items()}


def test_the_page_reads_like_prose() -> None:
    text = policy_text(Policy(), "A policy.")
    prose = re.sub(r"\n# ", " ", text)
    for heading, specs in BY_FAMILY.items():
        assert f" {heading} " in prose
        for spec in specs:
            assert f"{spec.title}. {spec.sentence}\n[rules.{spec.id}]\n" in prose
            for parameter in spec.parameters.values():
                assert parameter.description.rstrip(".") in prose
    assert max(len(line) for line in text.splitlines() if line.startswith("# ")) <= 80
    headings = [prose.index(f"- {heading} -") for heading in BY_FAMILY]
    assert headings == sorted(headings)


def test_a_policy_is_written_over_only_if_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "new" / "p.toml"
    write_policy("# one\n", path)
    with pytest.raises(InputError, match=r"p\.toml: there is such a file already; name another one, or add --replace"):
        write_policy("# two\n", path)
    assert path.read_text() == "# one\n"
    write_policy("# two\n", path, replace=True)
    assert path.read_text() == "# two\n"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("schedule.csv", "the name of a policy file ends in .toml"),
        ("instance.toml", "this is the name of an instance"),
        ("folder.toml", "is a folder, but a file is expected"),
    ],
)
def test_what_is_no_policy_is_never_written_over(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(InputError, match=re.escape(sentence)):
        write_policy("# one\n", tmp_path / name, replace=True)
    assert [p.name for p in tmp_path.rglob("*")] == ["folder.toml"]
