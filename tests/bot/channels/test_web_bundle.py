"""The modules as one file."""

from __future__ import annotations

import re
from pathlib import Path

from bot.channels.web_bundle import bundle
from bot.paths import WEB


def test_what_is_needed_comes_first_and_once(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text(
        '// A.\nimport { b } from "./b.js";\nimport { c } from "./c.js";\nimport look from "./d.css" with '
        '{ type: "css" };\n/** @type {number} */\nexport const a = b + c; // kept\nuse(look, "http://x");\n'
    )
    (tmp_path / "b.js").write_text('import { c } from "./c.js";\nexport const b = /** @type {any} */ (c);\n')
    (tmp_path / "c.js").write_text("export function c() {}\n")
    (tmp_path / "d.css").write_text('/* D */\n.a::after {\n  content: "\\2197";\n}\n')
    assert bundle(tmp_path, "a.js") == (
        "function c() {}\n"
        "const b = (c);\n"
        "const look = new CSSStyleSheet();\n"
        'look.replaceSync(".a::after { content: \\"\\\\2197\\"; }");\n'
        'const a = b + c; // kept\nuse(look, "http://x");\n'
    )


def test_the_chat_has_no_import_left_and_no_name_twice() -> None:
    script = bundle(WEB, "widget.js")
    assert not re.search(r"^(?:import|export)\b", script, re.MULTILINE)
    names = re.findall(r"^(?:const|let|(?:async )?function|class) (\w+)", script, re.MULTILINE)
    assert "FirstAidChat" in names
    assert len(names) == len(set(names))
