"""What the sandbox finds in files, what gets out of it, and what is kept."""
