"""Where work is done: here, in threads, in processes of this machine, or on a cluster. Knows nothing of schedules."""

from scheduler.workers.workers import Workers

__all__ = ["Workers"]
