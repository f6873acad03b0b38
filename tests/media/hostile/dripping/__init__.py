"""One manner of going bad."""
