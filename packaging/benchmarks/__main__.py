"""`./packaging/bench [--json FILE] [ROW...]`: measures the rows asked for, all by default, in one table."""

from __future__ import annotations

import argparse
import importlib
import json
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import precedence
import yardstick
from rig import Rig
from row import Measured, Row

ORDER = (
    "cold_start_s", "stop_s", "window_first_paint_s", "app_hidden_mb", "supervisor_mb", "app_idle_cpu_percent",
    "supervisor_idle_cpu_percent", "proxy_throughput_ratio", "proxy_added_ms", "event_to_row_ms",
    "terminal_plain_mb_s", "terminal_colour_mb_s", "filter_10k_ms", "sort_10k_ms", "event_burst_max_frame_ms",
    "resume_warm_s", "resume_cold_s", "suspend_s", "settle_s", "suspended_disk_mb", "wake_docker_ps_s",
    "port_in_ratio", "port_out_ratio", "files_small_ratio", "files_read_ratio", "files_write_ratio",
    "guest_idle_cpu_percent", "rss_given_back_mb", "resume_unsettled_s",
    "files_small_native_ratio", "files_read_native_ratio", "files_write_native_ratio",
    "terminal_plain_ratio", "terminal_colour_ratio", "terminal_key_ms", "terminal_key_flood_ms",
    "terminal_repaint_ms", "terminal_repaint_colour_ms", "terminal_scrollback_mb", "terminal_quiet_cpu_percent",
    "scroll_10k_p99_ms", "app_10k_mb", "containers_1000_paint_s", "containers_1000_all_ratio",
    "app_closed_mb", "window_quiet_cpu_percent", "engine_cpu_of_stats", "log_flood_key_ms",
)  # fmt: skip
LINE = "{:<28} {:>10} {:<5} {:>9} {:<6} {:>5} {:>9}"


def main() -> int:
    words = _parse()
    precedence.take()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))  # what the rig has begun ends with it
    known = _known()
    chosen = [known[name] for name in ORDER if name in (words.rows or ORDER)]
    results = []
    print(yardstick.words())
    print(LINE.format("row", "value", "unit", "goal", "", "runs", "spread"), flush=True)
    with Rig() as rig:
        for row in chosen:
            result = Measured(row, _measure(row, rig))
            results.append(result)
            print(_line(result), flush=True)
    if words.json:
        Path(words.json).write_text(json.dumps({"rows": [result.as_json() for result in results]}, indent=1) + "\n")
    missed = [result.row.name for result in results if not result.is_met]
    print(f"missed: {', '.join(missed)}" if missed else "every goal is met")
    return 1 if missed else 0


def _measure(row: Row, rig: Rig) -> Sequence[float]:
    """Nothing where that failed: the rows after it are measured all the same, and the table is not lost."""
    try:
        return row.measure(rig)
    except Exception:
        traceback.print_exc()
        return []


def _known() -> dict[str, Row]:
    """The rows of every module beside this one that has some."""
    names = [path.stem for path in sorted(Path(__file__).parent.glob("[a-z]*.py"))]
    modules = [importlib.import_module(name) for name in names]
    return {row.name: row for module in modules if hasattr(module, "rows") for row in module.rows()}


def _line(result: Measured) -> str:
    row = result.row
    met = "met" if result.is_met else "MISSED" if result.values else "FAILED"
    return LINE.format(
        row.name, f"{result.value:.3g}", row.unit, row.goal, met, len(result.values), f"{result.spread:.2g}"
    )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measures what Moorage promises.")
    parser.add_argument("--json", metavar="FILE", help="write the rows there too")
    parser.add_argument("rows", nargs="*", metavar="ROW", choices=[*ORDER, []], help=", ".join(ORDER))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
