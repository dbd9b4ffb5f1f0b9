"""The integer master: the best schedule that can be put together from columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from scheduler.model.cp import CpModel, Sum, Variable
from scheduler.solve.columns.pool import Column
from scheduler.solve.columns.shared import Shared


class ColumnModel(CpModel):
    """One CP-SAT model in which each block takes exactly one of its columns."""

    def __init__(self, shared: Shared, columns: Sequence[Column]) -> None:
        super().__init__(shared.book, (), shared=False)
        self.columns, self.taken = list(columns), [self.model.new_bool_var("") for _ in columns]
        self._shared = [Sum() for _ in range(len(shared.rows))]
        of_block: dict[int, list[Variable]] = defaultdict(list)
        for column, variable in zip(self.columns, self.taken, strict=True):
            of_block[column.family].append(variable)
            for rule, amount in column.penalty.items():
                self.cost[rule].add(variable, amount)
            for key, amount in column.by_party.items():
                self.by_party[key].add(variable, amount)
            for row, value in zip(column.rows.tolist(), column.load.tolist(), strict=True):
                self._shared[row].add(variable, value)
        for variables in of_block.values():
            self.model.add_exactly_one(variables)
        self._add_measures({})
        self._add_linear(shared.rows, self._shared, None)

    def hint_columns(self, chosen: Sequence[Column]) -> None:
        """Hint which columns are taken."""
        on = {id(column) for column in chosen}
        self.model.clear_hints()  # type: ignore[no-untyped-call]  # ortools leaves it without annotations
        for column, variable in zip(self.columns, self.taken, strict=True):
            self.model.add_hint(variable, int(id(column) in on))

    def picked(self, value: Sequence[int]) -> list[Column]:
        """The columns taken, by family, from values by variable index."""
        found = [c for c, v in zip(self.columns, self.taken, strict=True) if value[v.index]]
        return sorted(found, key=lambda c: c.family)
