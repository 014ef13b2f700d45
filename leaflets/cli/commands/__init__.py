"""The commands, a module for each: its options, its help, and how its result is shown."""
