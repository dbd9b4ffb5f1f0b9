"""What random worlds have besides the base: one module a family of rules."""
