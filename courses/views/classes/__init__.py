"""Pages of classes in a hall: for who runs them, for learners, and the teams that learn on one phone."""
