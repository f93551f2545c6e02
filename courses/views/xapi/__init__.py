"""The learning record store under /xapi/: xAPI 1.0.3, and the fetch address of cmi5. Only carries."""
