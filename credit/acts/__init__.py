"""What people and files may do to credit's facts: one transaction an act, actors keyword-only."""
