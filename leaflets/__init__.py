"""Print patient handouts in the patient's language, and refuse to print unsafe ones."""

from importlib.metadata import version

__version__ = version("leaflets")
