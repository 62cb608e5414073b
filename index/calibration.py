"""The numbers of the calibrated confidence, as `python -m eval.calibrate` fitted them. Do not edit by hand."""

from __future__ import annotations

from index.answer import Calibration

CALIBRATION = Calibration(
    intercept=-4.0,
    coverage=4.0,
    known=2.0,
    similarity=0.0,
    margin=0.8,
    agreement=0.5,
    found=0.6,
    not_found=0.3,
)
