"""Where work is done: here, in threads, in processes of this machine, or on a cluster. Knows nothing of schedules."""

from scheduler.workers.workers import Workers, over_after

__all__ = ["Workers", "over_after"]
