"""Texts go out to translators and come back: XLIFF, CSV, a page with pictures."""
