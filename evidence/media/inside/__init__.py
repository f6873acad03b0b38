"""What runs inside the sandbox, and nowhere else. It imports native parsers; nothing of the server imports it but `wire`.

Everything here is hostile once it has looked at a file: the worker believes nothing that it says beyond `wire`.
"""
