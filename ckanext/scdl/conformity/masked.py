"""Mask a stream, or say in a report why it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from .conclusion import concluded
from .inflated import opened
from .report import Findings, Identity, NotConvertible, Unreadable
from .standards import BUDGET, standard
from .totem.masking import mask


def masked(stream: BinaryIO, out: BinaryIO) -> Mapping[str, int]:
    """See `conformity.mask`."""
    intake = opened(stream)
    try:
        return mask(intake, out)
    except Unreadable as exception:
        findings = Findings()
        findings.add(exception.finding)
        intake.drain()
        report = concluded(standard(BUDGET), intake, None, 0, Identity(), findings)
        raise NotConvertible(report) from None
