"""Large neighbourhood search: schedules made better a few parties at a time, at every size."""

from scheduler.solve.neighbourhood.search import Search
from scheduler.solve.neighbourhood.strategy import neighbourhood_search

__all__ = ["Search", "neighbourhood_search"]
