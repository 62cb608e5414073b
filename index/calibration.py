"""The numbers of the calibrated confidence, fitted by `python -m eval.calibrate`. Do not edit by hand."""

from __future__ import annotations

from index.answer import Calibration

CALIBRATION = Calibration(
    intercept=0.324,
    similarity=0.723,
    coverage=0.63,
    known=0.57,
    found=0.382,
    not_found=0.26,
)
