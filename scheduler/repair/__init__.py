"""What now: a published schedule made valid again with the fewest and mildest changes."""
