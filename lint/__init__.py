"""What ruff and mypy can't know about this house: where a custody entry may be written, what a door may do."""
