"""A set of files is replaced whole or not at all: at every step a writer may be killed, and every step may fail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.io import publish as publishing
from scheduler.io.publish import COMMIT, current_file, publish

ROOT = Path(__file__).parents[2]
OWNED = ("a.txt", "b.txt", "old.txt")
OLD = {"a.txt": b"old a", "b.txt": b"old b", "old.txt": b"old only"}
NEW = {"a.txt": b"new a", "b.txt": b"new b"}


def shown(folder: Path) -> dict[str, bytes]:
    """Our files as any program sees them."""
    return {name: (folder / name).read_bytes() for name in OWNED if (folder / name).exists()}


def current(folder: Path) -> dict[str, bytes]:
    """Our files as our own reader sees them."""
    paths = {name: current_file(folder, name) for name in OWNED}
    return {name: path.read_bytes() for name, path in paths.items() if path is not None}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with old files of ours, and files of the user."""
    folder = tmp_path / "out"
    publish(folder, OLD, OWNED)
    (folder / "mine.txt").write_text("mine")
    (folder / "sub").mkdir()
    (folder / "sub" / "deep.txt").write_text("deep")
    (folder / "link").symlink_to("mine.txt")
    return folder


def mine_is_there(folder: Path) -> bool:
    kept = [(folder / name).read_text() for name in ("mine.txt", "sub/deep.txt", "link")]
    return kept == ["mine", "deep", "mine"] and (folder / "link").is_symlink()


def test_files_of_the_user_are_never_moved(out: Path) -> None:
    """Not even for a moment: what is open in another program, or saved meanwhile in a sub-folder, stays where it is."""
    before = {p: p.lstat().st_ino for p in (out, *out.rglob("*")) if p.name not in OWNED}
    publish(out, NEW, OWNED)
    assert shown(out) == NEW
    assert {p: p.lstat().st_ino for p in before} == before


def test_the_folder_that_one_is_in_stays_the_same_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the shell that started the program would stand in a folder that is gone."""
    publish(tmp_path / "out", OLD, OWNED)
    monkeypatch.chdir(tmp_path / "out")
    publish(Path(), NEW, OWNED)
    assert shown(Path()) == NEW
    assert Path("a.txt").samefile(tmp_path / "out" / "a.txt")
    assert sorted(p.name for p in Path().iterdir()) == ["a.txt", "b.txt"]


def test_a_folder_in_the_place_of_a_file_is_not_removed(out: Path) -> None:
    (out / "a.txt").unlink()
    (out / "a.txt").mkdir()
    (out / "a.txt" / "precious.txt").write_text("precious")
    with pytest.raises(InputError, match=r"out/a\.txt: is a folder, but a file belongs here; move it away"):
        publish(out, NEW, OWNED)
    assert (out / "a.txt" / "precious.txt").read_text() == "precious"
    assert (out / "b.txt").read_bytes() == b"old b"


WAYS = ("exchange", "commit")


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of replacing: exchange of folders, and commit inside the folder where that must not or cannot be."""
    if request.param == "commit":
        monkeypatch.setattr(publishing, "exchange", lambda one, other: False)
    return str(request.param)


def test_replace(tmp_path: Path, way: str) -> None:
    out = tmp_path / "out"
    publish(out, OLD, OWNED)
    inode = out.stat().st_ino
    publish(out, NEW, OWNED)
    assert shown(out) == current(out) == NEW
    assert sorted(p.name for p in out.iterdir()) == ["a.txt", "b.txt"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert (out.stat().st_ino == inode) == (way == "commit")


def test_replace_beside_files_of_the_user(out: Path) -> None:
    publish(out, NEW, OWNED)
    assert shown(out) == current(out) == NEW
    assert mine_is_there(out)
    assert sorted(p.name for p in out.iterdir()) == ["a.txt", "b.txt", "link", "mine.txt", "sub"]
    assert [p.name for p in out.parent.iterdir()] == ["out"]


def test_a_new_folder_is_made_with_its_parents(tmp_path: Path, way: str) -> None:
    publish(tmp_path / "x" / "y", NEW, OWNED)
    assert shown(tmp_path / "x" / "y") == NEW
    assert [p.name for p in (tmp_path / "x").iterdir()] == ["y"]


def test_rights_of_the_folder_stay(out: Path, way: str) -> None:
    out.chmod(0o750)
    publish(out, NEW, OWNED)
    assert out.stat().st_mode & 0o777 == 0o750


def test_a_link_to_a_folder_stays_a_link(out: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("out")
    publish(tmp_path / "link", NEW, OWNED)
    assert (tmp_path / "link").is_symlink()
    assert shown(out) == NEW


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("precious")
    with pytest.raises(InputError, match="out: is a file, but a folder is expected; name another folder"):
        publish(tmp_path / "out", NEW, OWNED)
    assert (tmp_path / "out").read_text() == "precious"


def test_a_file_saved_in_the_last_moment_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    publish(out, OLD, OWNED)
    real = publishing.exchange

    def late(one: Path, other: Path) -> bool:
        (out / "late.txt").write_text("late")
        return real(one, other)

    monkeypatch.setattr(publishing, "exchange", late)
    publish(out, NEW, OWNED)
    assert (out / "late.txt").read_text() == "late"
    assert shown(out) == NEW


@pytest.mark.parametrize("error", [28, 13, 5], ids=["full disk", "no right", "broken disk"])
def test_what_cannot_be_written_changes_nothing(out: Path, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    def fail(_: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(InputError, match=f"out: cannot be written: {os.strerror(error)}; it is as it was"):
        publish(out, NEW, OWNED)
    assert shown(out) == current(out) == OLD
    assert mine_is_there(out)
    assert [p.name for p in out.parent.iterdir()] == ["out"]
    assert not any(p.name.startswith(".") for p in out.iterdir())


def test_a_working_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(out, OLD, OWNED)
    leftover, busy = out.parent / ".out.writing-dead", out.parent / ".out.writing-busy"
    for folder in (leftover, busy):
        folder.mkdir()
        (folder / "half.txt").write_text("half")
    with publishing._lock(busy) as free:
        assert free
        publish(out, NEW, OWNED)
        assert not leftover.exists()
        assert busy.exists()
    publish(out, NEW, OWNED)
    assert not busy.exists()


# Kills the writer before its n-th step (and leaves no time to clean up), for every n until it comes through.
KILL = """
import json, os, shutil, sys
from pathlib import Path
from scheduler.io import publish as p

base, way = Path(sys.argv[1]), sys.argv[2]
owned = ("a.txt", "b.txt", "old.txt")
old = {"a.txt": b"old a", "b.txt": b"old b", "old.txt": b"old only"}
new = {"a.txt": b"new a", "b.txt": b"new b"}
left = -1

def guard(function):
    def step(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os._exit(9)
        return function(*args, **kwargs)
    return step

if way == "commit":
    p.exchange = lambda one, other: False
for owner, names in ((os, ("fsync", "mkdir", "unlink", "rmdir", "rename", "replace", "chmod")),
                     (shutil, ("rmtree",)), (p, ("exchange",)),
                     (Path, ("open", "mkdir", "rename", "replace", "unlink", "rmdir", "chmod"))):
    for name in names:
        setattr(owner, name, guard(getattr(owner, name)))

step, code, seen = 0, 9, []
while code == 9:
    step += 1
    out = base / f"{way}{step}" / "out"
    p.publish(out, old, owned)
    if way == "commit":
        (out / "mine.txt").write_text("mine")
    child = os.fork()
    if child == 0:
        left = step
        try:
            p.publish(out, new, owned)
        except BaseException as error:
            print(error, file=sys.stderr)
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    shown = {n: (out / n).read_text() for n in owned if (out / n).exists()}
    paths = {n: p.current_file(out, n) for n in owned}
    current = {n: f.read_text() for n, f in paths.items() if f}
    mine = (out / "mine.txt").read_text() if way == "commit" else "mine"
    p.publish(out, new, owned)
    after = sorted(f.name for f in out.iterdir())
    seen.append([code, shown, current, mine, after, [f.name for f in out.parent.iterdir()]])
print(json.dumps(seen))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork")
@pytest.mark.parametrize("way", WAYS)
def test_killed_at_any_step(tmp_path: Path, way: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILL, str(tmp_path), way], capture_output=True, text=True, cwd=ROOT, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    runs = json.loads(done.stdout)
    old, new = ({name: data.decode() for name, data in files.items()} for files in (OLD, NEW))
    assert len(runs) > 10
    assert [run[0] for run in runs] == [9] * (len(runs) - 1) + [0]
    outcomes = []
    for code, seen, current_set, mine, after, beside in runs:
        assert current_set in (old, new), f"half a set after {code}"
        if way == "exchange":
            assert seen in (old, new)
        assert mine == "mine"
        assert after == ["a.txt", "b.txt", "mine.txt"][: 3 if way == "commit" else 2], "the next writer tidies up"
        assert beside == ["out"]
        outcomes.append(current_set == new)
    assert outcomes == sorted(outcomes), "once new, always new"
    assert set(outcomes) == {False, True}


WRITE_FOREVER = """
import sys
from pathlib import Path
from scheduler.io.publish import publish
sets = [{"a.txt": mark * 200_000, "b.txt": mark * 200_000} for mark in (b"x", b"y")]
print("ready", flush=True)
while True:
    for files in sets:
        publish(Path(sys.argv[1]), files, ("a.txt", "b.txt"))
"""


def first_bytes(folder: Path) -> list[bytes]:
    """The first byte of both files of one and the same folder, even if another takes its name meanwhile."""
    handles = [os.open(folder, os.O_RDONLY)]
    try:
        handles += [os.open(name, os.O_RDONLY, dir_fd=handles[0]) for name in ("a.txt", "b.txt")]
        return [os.read(handle, 1) for handle in handles[1:]]
    finally:
        for handle in handles:
            os.close(handle)


def test_a_real_kill_leaves_one_whole_set(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(out, {"a.txt": b"x", "b.txt": b"x"}, ("a.txt", "b.txt"))
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", WRITE_FOREVER, str(out)], stdout=subprocess.PIPE, cwd=ROOT) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            for _ in range(40):  # what a reader sees meanwhile
                try:
                    found = first_bytes(out)
                except FileNotFoundError:  # the old folder was removed under our hands
                    continue
                assert found[0] == found[1]
            writer.send_signal(signal.SIGKILL)
        contents = {(out / name).read_bytes()[:1] for name in ("a.txt", "b.txt")}
        assert len(contents) == 1
        assert len({(out / name).stat().st_size for name in ("a.txt", "b.txt")}) == 1
    publish(out, NEW, OWNED)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_reader_finishes_what_a_killed_writer_committed(out: Path) -> None:
    (out / COMMIT).mkdir()
    (out / COMMIT / "b.txt").write_bytes(b"new b")
    (out / COMMIT / "old.txt").write_bytes(b"")  # to be removed
    (out / "a.txt").write_bytes(b"new a")  # was moved already
    assert current(out) == NEW
    publish(out, {"a.txt": b"newer"}, OWNED)
    assert shown(out) == current(out) == {"a.txt": b"newer"}
