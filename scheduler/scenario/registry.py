"""The kinds of change there are: this list is read by files, command line and docs."""

from __future__ import annotations

from scheduler.scenario.change import Change
from scheduler.scenario.kinds.demand import Grow, Joins, Withdrawn
from scheduler.scenario.kinds.opening import Opens
from scheduler.scenario.kinds.partners import AgreementChange, PolicyChange
from scheduler.scenario.kinds.people import Arrives, Away, ClearanceChange, Delayed, Leaves, Trained
from scheduler.scenario.kinds.places import Close, Places
from scheduler.scenario.kinds.rows import Add, ChangeRows, Remove

KINDS: dict[str, type[Change]] = {
    kind.kind: kind
    for kind in (
        *(Close, Places, Opens),
        *(Away, Leaves, Arrives, Trained, ClearanceChange, Delayed),
        *(Grow, Withdrawn, Joins),
        *(AgreementChange, PolicyChange),
        *(Add, ChangeRows, Remove),
    )
}
