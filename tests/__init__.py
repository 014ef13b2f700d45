"""Tests: each states a claim, with real PDFs, a real validator and real gettext."""
