"""Make editions: the only way from an edition to its file, its problems and its code."""
