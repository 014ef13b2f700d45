"""Fuzzing: whatever a file or a request holds, it is read, or refused in one sentence."""
