"""From HTML to pages, files and pictures; only `weasy` knows the typesetter."""
