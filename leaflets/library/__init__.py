"""Everything that people wrote, read into frozen values: leaflets, facts, regions, clinic, formats.

Nothing here lays out a page, and nothing here is guessed: an unknown key is an error.
"""
