"""Open data without Django: rows, deltas, manifests, signatures, and how to check a download offline."""
