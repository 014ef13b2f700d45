"""The command line: reads arguments, calls a room, shows what came back. No logic of its own."""
