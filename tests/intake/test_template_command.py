"""``rotations intake template``, as a coordinator uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

import cli
from scheduler.intake.opening import open_received

ROOT = Path(__file__).parents[2]
SMALL, SOLVED = ROOT / "instances" / "small", ROOT / "solutions" / "small"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(*options: str) -> int:
    return cli.run(["intake", "template", str(SMALL), *options])


def test_the_file_is_named_after_the_sender(folder: Path) -> None:
    assert make("--school", "maple") == 0
    assert [p.name for p in folder.iterdir()] == ["intake-maple.xlsx"]


def test_what_somebody_filled_in_is_not_written_over(folder: Path, capsys: Capture) -> None:
    path = folder / "out.xlsx"
    path.write_bytes(b"filled in")
    assert make("--school", "maple", "--out", "out.xlsx") == 2
    assert "--force" in capsys.readouterr().err
    assert path.read_bytes() == b"filled in"
    assert make("--school", "maple", "--out", "out.xlsx", "--force") == 0
    made = path.read_bytes()
    assert make("--school", "maple", "--out", "out.xlsx") == 0  # the same again
    assert path.read_bytes() == made


def test_answers_come_with_a_schedule_only(folder: Path) -> None:
    make("--school", "maple", "--out", "plain.xlsx")
    make("--school", "maple", "--out", "proposed.xlsx", "--schedule", str(SOLVED), "--language", "es")
    plain, proposed = ({g.name for g in open_received(folder / name).grids} for name in ("plain.xlsx", "proposed.xlsx"))
    assert "Answers" not in plain and "Respuestas" in proposed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--school", "mapel"], "did you mean 'maple'?"),
        (["--unit", "nowhere-at-all"], "there is no unit 'nowhere-at-all'"),
        (["--preceptor", "kin"], "did you mean 'kim'?"),
        (["--school", "maple", "--out", "maple.csv"], ".xlsx"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(options: list[str], said: str, folder: Path, capsys: Capture) -> None:
    assert make(*options) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("options", [[], ["--school", "maple", "--unit", "4B"]])
def test_there_is_exactly_one_sender(options: list[str], folder: Path, capsys: Capture) -> None:
    assert make(*options) == 2
    assert "Name one sender" in capsys.readouterr().err
    assert list(folder.iterdir()) == []
