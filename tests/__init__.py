"""The tests; a package, so that `tests` here wins over other packages' `tests` on the path."""
