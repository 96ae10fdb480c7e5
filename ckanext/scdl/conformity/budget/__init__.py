"""The rules of a budget and of its lines, its plan of accounts, its lines as a table."""
