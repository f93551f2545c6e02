"""Verbs of training, one file a subject; each act is one transaction."""
