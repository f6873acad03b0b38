"""The vault: the format alone, then on the real database and the real S3 server."""
