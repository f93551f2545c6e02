"""The training regulations as pure Python; each function cites its article."""
