"""What stands before every server: checks of each request, and of each connection."""
