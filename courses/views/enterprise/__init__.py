"""The enterprise's side of training: roster, progress, coverage, courses that are assigned."""
