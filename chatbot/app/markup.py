"""Text to HTML: whatever people or catalogs wrote is shown as it was written and never read as markup."""

import html

MAX_SHOWN = 2000
"""Characters of one message that the page shows."""

_CONTROL = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {0x7F: 0x2421}
_CONTROL |= {code: 0xFFFD for code in (*range(0x80, 0xA0), *range(0xD800, 0xE000))}


def escape(text: str) -> str:
    """Text for an element or a quoted attribute; control characters become visible signs."""
    return html.escape(text.translate(_CONTROL), quote=True)


def tag(name: str, *children: str, **attributes: str | bool | None) -> str:
    """One element. `children` are HTML already; attributes are text and are escaped here.

    `class_` writes `class`, other underscores become hyphens; True writes the bare name, False and None nothing.
    """
    written = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    return f"<{name}{written}>{''.join(children)}</{name}>"


def _attribute(name: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(value)}"'
