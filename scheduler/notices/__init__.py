"""What people are told when a published schedule is replaced: who must hear what, and updates of calendars."""

from scheduler.notices.changes import Change, changes
from scheduler.notices.files import notices
from scheduler.notices.told import Notice, told

__all__ = ["Change", "Notice", "changes", "notices", "told"]
