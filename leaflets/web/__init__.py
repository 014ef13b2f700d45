"""Local web pages: the preview for translators. Nothing leaves the computer."""
