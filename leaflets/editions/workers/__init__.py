"""Workers: make editions in this process, in several, or on a cluster, in the same way."""

from leaflets.editions.workers.crew import Crew, cluster, made_by_crew, processes, serial
from leaflets.editions.workers.limits import Limits
from leaflets.editions.workers.task import Task, terms

__all__ = [
    "Crew", "Limits", "Task", "cluster", "made_by_crew", "processes", "serial", "terms",
]  # fmt: skip
