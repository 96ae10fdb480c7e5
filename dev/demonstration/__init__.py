"""What `make run` puts into its portal: a metropolis, six towns, their budgets and subsidies.

Every place, body and amount is invented.  `python -m dev.demonstration --ini … --url …` (in CKAN's
virtualenv) loads it over the action API; `summary` tells what to try.  Standard library here.
"""
