"""What people have signed, and what has been printed and recalled."""
