"""The reception's page: language, handouts, one file with a cover."""
