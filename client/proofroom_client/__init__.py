"""The command line of Proofroom: standard library, and the verifier."""
