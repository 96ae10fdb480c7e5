"""The development stack behind `make run` and `make test`.

Standard library only, since it runs before any virtualenv exists; it may be imported by the
browser tests (`dev.portal.Portal`).  Everything it makes lies under `.run/`.  It is not part of
the installed package.
"""
