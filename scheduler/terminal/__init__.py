"""What the command line shows: progress, summaries, tables, problem lists. Only `cli.py` imports it; it decides nothing."""
