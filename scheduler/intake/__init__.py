"""What schools, units and preceptors send: files ─► Grids ─► Entries (with Findings) ─► rows of the instance, and back.

Tolerance lives here and nowhere else: our own files are exact (`scheduler.io`).
"""
