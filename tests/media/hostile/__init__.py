"""Programs that go bad inside the sandbox."""
