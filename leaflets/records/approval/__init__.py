"""Approval: what a sign-off covers, whether it still holds, and what has changed since."""
