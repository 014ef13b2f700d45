"""What is printed: the output folder, its catalogue, and packs."""
