"""The life of a proposal: versions that are published, answers to them, and what they fix for the next solve."""
