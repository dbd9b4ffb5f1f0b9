"""One page for whoever plans: every placement with its reasons and alternatives, to be searched and filtered without a network.

content (what is told, as plain data) → page (HTML with that data inside, and the scripts of ``page/`` that show it).
"""
