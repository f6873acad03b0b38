"""The store, on the real S3 server."""
