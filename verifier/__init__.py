"""The formats of custody and their offline verification. Python and `cryptography`; nothing of the server."""
