# SPDX-License-Identifier: Apache-2.0
"""Prints docs/python_reference.md: every public name of the package with its documentation.

    python3 python/reference.py >docs/python_reference.md
"""

import inspect
import re
import textwrap

import mapferry

HEAD = """# Python: reference

Every public name of the package `mapferry`, as `help(mapferry)` has it. [python.md](python.md) is
the guide. `python/reference.py` makes this page from the package, and a test compares them.

Times are seconds, sizes are bytes. Every failure is a [MapferryError](#mapferryerror) and a
built-in exception of its kind. Where nothing else is said, any thread may call anything, and calls
of several threads with one object wait for their turn.
"""


def signature(name, thing):
    """name(a, *, b=1), as a caller writes it, in lines of at most 96 columns."""
    found = inspect.signature(thing)
    kept = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in found.parameters.values()
        if parameter.name != "self" and not parameter.name.startswith("_")
    ]
    text = name + str(found.replace(parameters=kept, return_annotation=inspect.Signature.empty))
    if found.return_annotation not in ("None", inspect.Signature.empty):
        text += f" -> {found.return_annotation}"
    lines = textwrap.wrap(text, 96, subsequent_indent="    ", break_long_words=False)
    return "```python\n" + "\n".join(lines) + "\n```"


def text_of(thing):
    """The documentation. Its lines `name: meaning` become a list."""
    lines = []
    in_list = False
    for line in (inspect.getdoc(thing) or "").splitlines():
        named = re.match(r"([a-z_]+(?:, [a-z_]+)*): ", line)
        if named:
            names = ", ".join(f"`{name}`" for name in named.group(1).split(", "))
            line = f"- {names}: {line[named.end():]}"
        elif in_list and re.match(r"[A-Z]", line) and lines[-1].endswith("."):
            lines.append("")
            in_list = False
        in_list = in_list or bool(named)
        if not line:
            in_list = False
        lines.append(line)
    return "\n".join(lines)


def members(kind):
    """Public methods and properties that the class, or a private base of it, defines."""
    for name, value in inspect.getmembers(kind):
        owners = [base for base in kind.__mro__ if name in vars(base)]
        inside = owners and owners[0].__module__.startswith("mapferry")
        if name.startswith("_") or not inside:
            continue
        raw = vars(owners[0])[name]
        if isinstance(raw, property) or inspect.isfunction(value):
            yield name, raw


def print_class(name, kind):
    print(f"\n### {name}\n")
    if issubclass(kind, Exception):
        bases = [base.__name__ for base in kind.__bases__]
        print(f"Derives from {', '.join(bases)}.\n")
    elif not issubclass(kind, tuple) and name not in MADE_BY_OTHERS:
        print(signature(name, kind.__init__) + "\n")
    print(text_of(kind))
    if issubclass(kind, tuple):
        print(f"\nFields: {', '.join(f'`{field}`' for field in kind._fields)}.")
        return
    for member, value in members(kind):
        if isinstance(value, property):
            kind_of = inspect.signature(value.fget).return_annotation
            print(f"\n`{member}`: {kind_of}\n\n{text_of(value)}")
        else:
            print(f"\n{signature(member, value)}\n\n{text_of(value)}")


# Objects of these classes come from methods of others.
MADE_BY_OTHERS = ("Frame", "Loan", "BufferLock", "IncomingPayload", "OutgoingPayload")


def main():
    print(HEAD, end="")
    things = {name: getattr(mapferry, name) for name in mapferry.__all__}
    classes = {name: t for name, t in things.items() if inspect.isclass(t)}
    errors = {name: t for name, t in classes.items() if issubclass(t, Exception)}
    print("\n## Functions")
    for name, thing in things.items():
        if inspect.isfunction(thing):
            print(f"\n### {name}\n\n{signature(name, thing)}\n\n{text_of(thing)}")
    print("\n### version\n\nThe version of the library that runs, as text.")
    print("\n## Classes")
    for name, thing in classes.items():
        if name not in errors:
            print_class(name, thing)
    print("\n## Exceptions")
    print_class("MapferryError", errors.pop("MapferryError"))
    for name, thing in errors.items():
        print_class(name, thing)


if __name__ == "__main__":
    main()
