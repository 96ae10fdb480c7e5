"""Advice on subsidies that the standard does not refuse: one rule a module, scalar and pure."""
