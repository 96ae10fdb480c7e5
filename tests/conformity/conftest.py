"""Generated examples have no deadline: a loaded machine is no defect of theirs."""

from hypothesis import settings

settings.register_profile("without-deadline", deadline=None)
settings.load_profile("without-deadline")
