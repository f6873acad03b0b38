"""The embedded services that bin/run and the tests start: PostgreSQL, S3, broker. A deployment on AWS uses none."""
