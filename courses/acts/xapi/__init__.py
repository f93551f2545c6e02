"""Acts of the learning record store and of cmi5."""
