"""Print patient handouts in the patient's language, and refuse to print unsafe ones."""
