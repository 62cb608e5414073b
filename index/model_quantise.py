"""An exported graph in int8: its matrices in a byte a weight, what they are multiplied with in a byte a value.

Run by encoder.py in a process of its own:  python -m index.model_quantise EXPORT_FOLDER

    EXPORT_FOLDER/int8.onnx, int8.onnx.data   what was quantised; all else stays in model.onnx.data, shared
    EXPORT_FOLDER/int8.json                   ExportRecord; it names the float32 graph if int8 is of no use here

Plain dynamic int8 (one scale for all that goes into a matrix) loses 0.015 of nDCG@10 on the project's own questions:
in each layer a few channels of the hidden state are 10 to 60 times the rest, and take up the whole range. So here

1. the OUTLIERS largest channels of an input, found on a few texts, are multiplied in float32 (8 of 384, 16 of 1,536);
2. each row, that is each token, has a scale of its own: no vector depends on the texts that share its batch;
3. an input that is never much below zero (after GELU) has its zero point low, which gives it twice the steps;
4. matrices with the same input (query, key, value) are multiplied in one go;
5. word vectors that are 4-bit to begin with, as those of the bundled model, are kept so: 0.06 GB instead of 0.38.

Cosine to float32 on 80 questions and 40 passages: dynamic int8 0.9966, with (1) 0.99977, (1, 2) 0.99988, all 0.99991.

Questions are read in it, passages are always embedded in float32, under one fingerprint: chosen by measurement, since
each of the two adds its noise to their likeness (0.0005 for one, 0.0006 for both). nDCG@10 against float32 alone, by
`python -m eval`: own questions +0.0006, second set +0.0049, generated corpus -0.0007, a public Dutch set -0.0020. Near
ties decide these: settings with as little noise gave -0.0059 to +0.0003 on the own questions, where the first two
passages of two questions lie 0.01 % and 0.3 % apart. For any other model the default stays float32 (settings.py).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import OnnxEncoder, open_session
from index.exports import INT8_FORM, INT8_GRAPH, INT8_RECORD, ExportRecord
from index.model_export import SAMPLES

OUTLIERS, _ONE_IN = 8, 96
# Largest channels that are this near to the largest of all are no outliers, and are left with the rest.
_NO_OUTLIER = 0.75
# Of 256 steps, those below zero for an input that hardly goes there; it is 'never much below zero' from here on.
_LOW_ZERO, _HARDLY_BELOW = 40, -0.25
# A processor without the right instructions may overflow silently: what is this far from float32 is not served.
LEAST_COSINE = 0.998
_MINE = "com.microsoft"
# Tensors of so many bytes lie in the file of their own; smaller ones, such as shapes, must be in the graph itself.
_LARGE = 1024
# Rows of a table that is worth while; values in a block of a 4-bit one; what is rounding of float32, and no loss.
_TABLE, _BLOCK, _LOSSLESS = 4096, 32, 1e-6


@dataclass(frozen=True, slots=True)
class Seen:
    """What went into a matrix: the largest size of each channel, and the lowest value of all."""

    largest: NDArray[np.float32]
    lowest: float


def quantise(folder: Path) -> ExportRecord:
    """Writes the int8 form of an export beside it, checked against it; returns its record.

    A graph with nothing to quantise, or whose int8 form gives other vectors on this machine, gets a record that serves
    the float32 graph.
    """
    record = ExportRecord.read(folder)
    if record is None or record.served_by != "onnxruntime":
        raise ValueError(f"there is no graph in {folder}")
    whole = OnnxEncoder.load(folder, record, remake=folder)
    _write_graph(folder, record, whole)
    files = {name: size for name, size in record.files.items() if name != record.graph}
    files |= {name: (folder / name).stat().st_size for name in (INT8_GRAPH, f"{INT8_GRAPH}.data")}
    made = replace(record, graph=INT8_GRAPH, precision="int8", files=files)
    away = 1 - likeness(OnnxEncoder.load(folder, made, remake=folder), whole)
    made = replace(made if away <= 1 - LEAST_COSINE else record, difference=away, form=INT8_FORM)
    made.write(folder, INT8_RECORD)
    return made


def likeness(one: OnnxEncoder, other: OnnxEncoder) -> float:
    """The lowest cosine between what two encoders make of the sample texts, as questions and as passages."""
    queries = one.encode_queries(SAMPLES) * other.encode_queries(SAMPLES)
    passages = one.encode_passages(SAMPLES) * other.encode_passages(SAMPLES)
    return float(min(queries.sum(axis=1).min(), passages.sum(axis=1).min()))


def _write_graph(folder: Path, record: ExportRecord, whole: OnnxEncoder) -> None:
    """The graph with every matrix of the model replaced; what is left of model.onnx.data is still read from there."""
    import onnx
    from onnx.external_data_helper import load_external_data_for_tensor, set_external_data

    model = onnx.load(str(folder / record.graph), load_external_data=False)
    groups = _groups(model.graph)
    wanted = {node.input[1] for nodes in groups.values() for node in nodes} | _tables(model.graph)
    for tensor in model.graph.initializer:
        if tensor.name in wanted:
            load_external_data_for_tensor(tensor, str(folder))
    _Quantised(model.graph, groups, _seen(folder / record.graph, groups, whole)).rewrite()
    model.opset_import.append(onnx.helper.make_opsetid(_MINE, 1))
    with (folder / f"{INT8_GRAPH}.data").open("wb") as file:
        for tensor in model.graph.initializer:
            if len(tensor.raw_data) < _LARGE:
                continue
            set_external_data(tensor, f"{INT8_GRAPH}.data", file.tell(), len(tensor.raw_data))
            file.write(tensor.raw_data)
            tensor.ClearField("raw_data")
    onnx.save(model, str(folder / INT8_GRAPH))


def _groups(graph: Any) -> dict[str, list[Any]]:
    """The nodes that multiply with a matrix of the model, by their input: {'layer_norm_3': [query, key, value], …}"""
    matrices = {one.name for one in graph.initializer if len(one.dims) == 2}
    groups: dict[str, list[Any]] = {}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in matrices:
            groups.setdefault(node.input[0], []).append(node)
    return groups


def _tables(graph: Any) -> set[str]:
    """The large tables from which rows are taken: word vectors."""
    large = {one.name for one in graph.initializer if len(one.dims) == 2 and one.dims[0] >= _TABLE}
    return {node.input[0] for node in graph.node if node.op_type == "Gather" and node.input[0] in large}


def _seen(path: Path, inputs: Iterable[str], whole: OnnxEncoder) -> dict[str, Seen]:
    """What goes into each matrix when the sample texts are embedded, one by one so that nothing is padded."""
    import onnx

    names = list(inputs)
    model = onnx.load(str(path), load_external_data=False)
    model.graph.output.extend(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    watched = path.with_name("watched.onnx")
    onnx.save(model, str(watched))
    try:
        session = open_session(watched)
    finally:
        watched.unlink()
    largest: dict[str, NDArray[np.float32]] = {}
    lowest = dict.fromkeys(names, 0.0)
    for prompt in (whole.record.query_prompt, whole.record.passage_prompt):
        for ids in whole.tokens(prompt, SAMPLES):
            for name, value in zip(names, session.run(names, whole.feed([ids])), strict=True):
                sizes = np.abs(value).reshape(-1, value.shape[-1]).max(axis=0)
                largest[name] = np.maximum(largest.get(name, sizes), sizes)
                lowest[name] = min(lowest[name], float(value.min()))
    return {name: Seen(largest[name], lowest[name]) for name in names}


class _Quantised:
    """A graph whose matrices are being replaced."""

    def __init__(self, graph: Any, groups: Mapping[str, list[Any]], seen: Mapping[str, Seen]) -> None:
        self._graph, self._groups, self._seen = graph, groups, seen
        self._nodes: list[Any] = []
        self._made: list[Any] = []

    def rewrite(self) -> None:
        weights = {tensor.name: tensor for tensor in self._graph.initializer}
        tables = _tables(self._graph)
        gone = {node.input[1] for group in self._groups.values() for node in group}
        for node in self._graph.node:
            if (
                node.op_type == "Gather"
                and node.input[0] in tables
                and self._take(node, _array(weights[node.input[0]]))
            ):
                gone.add(node.input[0])
                continue
            group = self._groups.get(node.input[0], []) if node.input else []
            if node not in group:
                self._nodes.append(node)
            elif node is group[0]:
                self._multiply(group, [_array(weights[one.input[1]]) for one in group])
        kept = [tensor for tensor in self._graph.initializer if tensor.name not in gone]
        del self._graph.node[:], self._graph.initializer[:]
        self._graph.node.extend(self._nodes)
        self._graph.initializer.extend([*kept, *self._made])

    def _multiply(self, group: Sequence[Any], weights: Sequence[NDArray[np.float32]]) -> None:
        """rows · [q k v] = scale of each row · (bytes · bytes) + outliers · their weights"""
        name = group[0].input[0]
        matrix, seen = np.concatenate(weights, axis=1), self._seen[name]
        apart = outliers(seen.largest)
        inside = np.ones(len(matrix), dtype=np.float32)
        inside[apart] = 0
        rows = self._node("Mul", [name, self._tensor(f"{name}_inside", inside)]) if len(apart) else name
        low = seen.lowest > _HARDLY_BELOW
        zero, least = (_LOW_ZERO, -seen.lowest * (255 - _LOW_ZERO) / _LOW_ZERO) if low else (128, 0.0)
        sizes = rows if low else self._node("Abs", [rows])
        highest = self._node("ReduceMax", [sizes, self._tensor(f"{name}_axis", np.array([-1]))], keepdims=1)
        scale = self._node("Max", [highest, self._tensor(f"{name}_least", np.float32(max(least, 1e-9)))])
        step = self._tensor(f"{name}_step", np.float32(1 / (255 - zero)))
        middle = self._tensor(f"{name}_zero", np.uint8(zero))
        values = self._node("QuantizeLinear", [self._node("Div", [rows, scale]), step, middle])
        bytes_, steps = as_bytes(matrix * inside[:, None])
        weight = [self._tensor(f"{name}_int8", bytes_), step, self._tensor(f"{name}_steps", steps), middle]
        product = self._node("Mul", [self._node("MatMulIntegerToFloat", [values, *weight], domain=_MINE), scale])
        if len(apart):
            few = self._node("Gather", [name, self._tensor(f"{name}_apart", apart)], axis=-1)
            exact = self._node("MatMul", [few, self._tensor(f"{name}_float", matrix[apart])])
            product = self._node("Add", [product, exact])
        ends = [node.output[0] for node in group]
        if len(ends) == 1:
            self._nodes[-1].output[0] = ends[0]
            return
        widths = self._tensor(f"{name}_widths", np.array([one.shape[1] for one in weights]))
        self._node("Split", [product, widths], ends, axis=-1)

    def _take(self, node: Any, table: NDArray[np.float32]) -> bool:
        """Rows out of a 4-bit table, if it can be one without loss."""
        packed = as_half_bytes(table)
        if packed is None:
            return False
        name = node.input[0]
        inputs = [self._tensor(f"{name}_int4", packed[0]), node.input[1], self._tensor(f"{name}_steps", packed[1])]
        how = {"bits": 4, "block_size": _BLOCK, "gather_axis": 0, "quantize_axis": 1}
        self._node("GatherBlockQuantized", inputs, [node.output[0]], domain=_MINE, **how)
        return True

    def _node(self, kind: str, inputs: Sequence[str], outputs: Sequence[str] = (), **attributes: Any) -> str:
        from onnx import helper

        ends = list(outputs) or [f"{inputs[0]}_{kind}"]
        self._nodes.append(helper.make_node(kind, list(inputs), ends, **attributes))
        return ends[0]

    def _tensor(self, name: str, value: Any) -> str:
        from onnx import numpy_helper

        self._made.append(numpy_helper.from_array(np.asarray(value), name))
        return name


def outliers(largest: NDArray[np.float32]) -> NDArray[np.int64]:
    """The channels that stand out, in order: OUTLIERS of them, more of very many, none where all are alike."""
    order = np.argsort(-largest, kind="stable")
    count = max(OUTLIERS, len(order) // _ONE_IN)
    if len(order) <= count or largest[order[count]] > _NO_OUTLIER * largest[order[0]]:
        return np.array([], dtype=np.int64)
    return np.sort(order[:count]).astype(np.int64)


def as_bytes(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A matrix in steps of its columns: [[1, 4], [-0.5, 2]] → [[127, 127], [-64, 64]], [1/127, 4/127]"""
    steps = np.abs(matrix).max(axis=0) / 127
    steps[steps == 0] = 1
    return np.rint(matrix / steps).astype(np.int8), steps.astype(np.float32)


def as_half_bytes(table: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]] | None:
    """A table whose blocks of 32 values have 16 levels each, two values a byte, and a step a block; None if it is not.

    (n, d) → (n, d / 2), (n, d / 32); the lower half of a byte comes first, and 8 stands for zero.
    """
    rows, width = table.shape
    if width % _BLOCK:
        return None
    blocks = table.reshape(rows, width // _BLOCK, _BLOCK)
    peaks = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=-1, keepdims=True), axis=-1)
    steps = np.where(peaks == 0, 1, peaks / -8)  # the largest of a block is its level 0, as in llama.cpp's Q4_0
    levels = np.rint(blocks / steps)
    if levels.max() > 7 or np.abs(levels * steps - blocks).max() > _LOSSLESS * np.abs(peaks).max():
        return None
    halves = (levels + 8).astype(np.uint8).reshape(rows, width)
    return np.bitwise_or(halves[:, 0::2], halves[:, 1::2] << 4).astype(np.uint8), steps[..., 0].astype(np.float32)


def _array(tensor: Any) -> NDArray[np.float32]:
    from onnx import numpy_helper

    return np.asarray(numpy_helper.to_array(tensor), dtype=np.float32)


def main(arguments: Sequence[str]) -> int:
    """Quantises one export, as described at the top."""
    quantise(Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
