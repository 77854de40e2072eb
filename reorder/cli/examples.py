"""What `--help` shows under Examples: for each command, lines that can be typed as they are."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "rewrite": (
        ("reorder", "show what would change in this folder"),
        ("reorder --write", "change it"),
        ("reorder --check --format github", "in a workflow: annotate, exit 1"),
        ("reorder --format sarif > out.sarif", "for code scanning"),
        ("reorder --select cache-mount -v app", "one transform, and what is refused"),
        ("reorder - < Dockerfile", "as a filter"),
    ),
    "explain": (
        ("reorder explain", "the Dockerfile of this folder"),
        ("reorder explain --format json app", "as data"),
    ),
    "graph": (
        ("reorder graph app/Dockerfile", "as Mermaid, for a page"),
        ("reorder graph --format dot", "for Graphviz"),
    ),
    "simulate": (
        ("reorder simulate", "the last 200 commits, before and after"),
        ("reorder simulate --profile ci", "on fresh runners"),
    ),
    "ci": (
        ("reorder ci", "show what would change in the CI files"),
        ("reorder ci --write --prune", "change it, and remove old caches"),
    ),
    "verify": (
        ("reorder verify", "build before and after, and compare"),
        ("reorder verify --format json app", "as data"),
    ),
    "codemod": (
        ("reorder codemod --output out ../shop", "one checkout"),
        ("reorder codemod --repos all.txt --output out --resume", "go on"),
    ),
    "config": (
        ("reorder config", "what is in force, and from where"),
        ("reorder config --format json app", "as data"),
    ),
    "completion": (
        ('eval "$(reorder completion bash)"', "in ~/.bashrc"),
        ('eval "$(reorder completion zsh)"', "in ~/.zshrc"),
        ("reorder completion fish | source", "in ~/.config/fish/config.fish"),
    ),
}


def epilog(name: str) -> str | None:
    """The examples of a command as click prints them line by line, None for none."""
    told = EXAMPLES.get(name)
    if told is None:
        return None
    width = max(len(line) for line, _ in told)
    lines = [f"  {line:<{width}}  # {what}" for line, what in told]
    return "\n".join(["\b", "Examples:", *lines])
