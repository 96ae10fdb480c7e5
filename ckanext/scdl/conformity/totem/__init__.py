"""Budget XML (TOTEM, Actes budgétaires): read in one pass, in bounded memory; nothing else.

What the values mean is told in `budget/`.
"""
