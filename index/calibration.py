"""The numbers of the calibrated confidence, fitted by `python -m eval.calibrate`. Do not edit by hand."""

from __future__ import annotations

from index.answer import Calibration

CALIBRATION = Calibration(
    intercept=-29.804,
    similarity=34.493,
    coverage=0.883,
    known=0.336,
    found=0.568,
    not_found=0.256,
)
