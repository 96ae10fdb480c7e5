"""Publication on data.gouv.fr."""
