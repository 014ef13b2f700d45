"""From an edition to pages and a file: compose (Jinja), typeset (WeasyPrint), bind (PDF)."""
