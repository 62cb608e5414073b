"""The numbers of the calibrated confidence, fitted by `python -m eval.calibrate`. Do not edit by hand."""

from __future__ import annotations

from index.answer import Calibration

CALIBRATION = Calibration(
    intercept=2.919,
    similarity=1.29,
    coverage=1.42,
    known=0.272,
    lacking=-4.755,
    missing=-2.888,
    heaviest=-2.403,
    found=0.54,
    not_found=0.122,
)
