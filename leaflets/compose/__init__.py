"""From an edition to HTML: templates, facts and catalogs, and an account of what was asked for."""
