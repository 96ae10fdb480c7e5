"""Any table to rows of text (encoding, separator, header), and its check by frictionless."""
