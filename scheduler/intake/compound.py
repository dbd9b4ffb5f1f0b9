"""The container of old Office files (xls, doc, all those with a password): the names inside it, and one of its streams."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from scheduler.intake.findings import Finding, Refused

SIGNATURE = b"\xd0\xcf\x11\xe0"
_END = 0xFFFFFFFA  # from here on numbers of sectors mean "none"
_ENTRY_BYTES = 128
_MINI_SECTOR_BYTES = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in the container: a folder (``storage``) or a file (``stream``), with where it starts and how long it is."""

    name: str
    is_stream: bool
    start: int
    size: int


class Compound:
    """An opened container.

    Raises
    ------
    Refused
        If it is damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            shift, self._cutoff = struct.unpack_from("<H", data, 30)[0], struct.unpack_from("<I", data, 56)[0]
            if shift not in (9, 12):
                raise Refused(Finding("damaged"))
            self._sector_bytes = 1 << shift
            self._table = self._allocation()
            directory = self._chain(struct.unpack_from("<I", data, 48)[0])
            self.entries = tuple(
                _entry(directory, at) for at in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES) if directory[at + 66]
            )
            self._root = next((i for i in range(0, len(directory), _ENTRY_BYTES) if directory[i + 66] == 5), None)
            self._small = self._chain(_entry(directory, self._root).start) if self._root is not None else b""
            self._small_table = _numbers(self._chain(struct.unpack_from("<I", data, 60)[0]))
        except (struct.error, IndexError, UnicodeDecodeError):
            raise Refused(Finding("damaged")) from None

    def stream(self, *names: str) -> bytes | None:
        """The content of the first stream that has one of these names; None if there is none."""
        for entry in self.entries:
            if entry.is_stream and entry.name in names:
                if entry.size >= self._cutoff:
                    return self._chain(entry.start)[: entry.size]
                return _follow(self._small, self._small_table, entry.start, _MINI_SECTOR_BYTES)[: entry.size]
        return None

    def _allocation(self) -> tuple[int, ...]:
        """For each sector the one that follows it."""
        sectors = list(struct.unpack_from("<109I", self._data, 76))
        more, seen = struct.unpack_from("<I", self._data, 68)[0], 0
        while more < _END and seen * self._sector_bytes < len(self._data):
            numbers = _numbers(self._sector(more))
            sectors += numbers[:-1]
            more, seen = numbers[-1], seen + 1
        return _numbers(b"".join(self._sector(sector) for sector in dict.fromkeys(sectors) if sector < _END))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._sector_bytes
        return self._data[start : start + self._sector_bytes]

    def _chain(self, start: int) -> bytes:
        return _follow(self._data[self._sector_bytes :], self._table, start, self._sector_bytes)


def _entry(directory: bytes, at: int) -> Entry:
    length, kind = struct.unpack_from("<HB", directory, at + 64)
    start, size = struct.unpack_from("<II", directory, at + 116)
    return Entry(directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le"), kind == 2, start, size)


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _follow(data: bytes, table: tuple[int, ...], start: int, size: int) -> bytes:
    """The sectors of a chain, one after the other; a chain that bites its tail is damaged."""
    parts: list[memoryview] = []
    view = memoryview(data)
    while start < _END:
        if start >= len(table) or len(parts) > len(table):
            raise Refused(Finding("damaged"))
        part = view[start * size : (start + 1) * size]
        if not part:  # beyond the end of the file
            raise Refused(Finding("damaged"))
        parts.append(part)
        start = table[start]
    return b"".join(parts)
