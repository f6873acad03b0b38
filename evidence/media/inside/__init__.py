"""What runs inside the sandbox, and nowhere else. It imports native parsers; the server imports only `wire` of it.

Everything here is hostile once it has looked at a file: the worker believes nothing that it says beyond `wire`.
"""
