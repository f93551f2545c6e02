"""Template helpers of the indicators."""
