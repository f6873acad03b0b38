"""Benchmarks against named peers. Each is a ratio measured in one run, so that the machine cancels out."""
