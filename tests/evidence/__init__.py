"""Evidence: cases, items, access, search, on the real database and the real pages."""
