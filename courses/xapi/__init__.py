"""xAPI 1.0.3 and cmi5 as pure Python: reading, checking, comparing. No Django, no database."""
