"""Runs a model's graph node after node.

Rasa hands each message's graph to dask, made for work spread over many processors; three small graphs a turn pay for
that each time anew. The order of a graph never changes, so it is worked out once.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner


class OrderedGraphRunner(DaskGraphRunner):
    """Rasa's runner without dask: the same nodes, in an order that is kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._orders: dict[tuple[str, ...], list[str]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Run what `targets` need, on `inputs`; see `GraphRunner.run`."""
        wanted = tuple(targets or self._graph_schema.target_names)
        results = {name: (name, value) for name, value in (inputs or {}).items()}
        for name in self._order(wanted):
            if name not in results:
                needs = self._graph_schema.nodes[name].needs.values()
                results[name] = self._instantiated_nodes[name](*(results.get(need, need) for need in needs))
        return dict(results[name] for name in wanted)

    def _order(self, wanted: tuple[str, ...]) -> list[str]:
        if wanted not in self._orders:
            nodes = self._graph_schema.minimal_graph_schema(list(wanted)).nodes
            needed = {name: set(node.needs.values()) & nodes.keys() for name, node in nodes.items()}
            self._orders[wanted] = list(TopologicalSorter(needed).static_order())
        return self._orders[wanted]
