"""The innocents, a file for each kind of oddity."""
