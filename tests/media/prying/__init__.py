"""A program that pries. Run outside as the control and inside the sandbox as the test."""
