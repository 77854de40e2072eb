"""Tools that install Python packages by name: pipx, uv, conda and its kin.

Source: the help texts of pipx 1.4, uv 0.4 and conda 24.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reorder.ecosystems.by_name.named_tool import COMPILERS, Tool, words

_CONDA: Final = Tool(
    installs=("install", "update", "upgrade", "create", "remove", "uninstall"),
    changes=("clean", "config", "info", "list", "init", "search", "env list"),
    flags=words(
        "-y --yes -q --quiet --all -a --freeze-installed --no-update-deps --update-all --no-deps "
        "--override-channels --strict-channel-priority --no-channel-priority --force --system "
        "--tarballs --packages --index-cache -t -p -i -l -f --use-local --copy --json -S "
        "--satisfied-skip-solve --force-pkgs-dirs --no-pin --insecure --force-reinstall --locks "
        "--no-default-packages --force-remove --solver-libmamba --offline -d --logfiles"
    )
    - {"-p", "-f"},
    values=words(
        "-c --channel -n --name --set --add --append --prepend --solver --remove-key "
        "--remove --verbosity"
    ),
    folders=words("-p --prefix"),
    homes=(
        ("CONDA_PKGS_DIRS", ".conda"),
        ("CONDARC", ".condarc"),
        ("", ".cache/conda"),
        ("", ".bashrc"),
        ("CONDA_ENVS_PATH", ".mamba"),
    ),
    env=words("CONDA* MAMBA* PYTHON* SSL_*"),
)
_CONDA_CLEAN: Final = replace(  # `-p` and `-t` mean something else here
    _CONDA,
    installs=(),
    flags=words(
        "-a --all -t --tarballs -i --index-cache -p --packages -s -f --force-pkgs-dirs -y --yes -q "
        "--quiet -l --locks -v --tempfiles --trash --logfiles"
    ),
    values=frozenset(),
    folders=frozenset(),
)

PYTHON: Final[dict[str, Tool]] = {
    "pipx": Tool(
        installs=("install", "inject", "upgrade", "upgrade-all"),
        changes=("ensurepath", "list", "environment"),
        flags=words(
            "--force -f --include-deps --system-site-packages -q --quiet --verbose "
            "--global --include-apps --fetch-missing-python"
        ),
        values=words("--python --pip-args --suffix --index-url -i --preinstall --backend"),
        homes=(
            ("PIPX_HOME", ".local"),
            ("PIPX_BIN_DIR", ".local/bin"),
            ("PIP_CACHE_DIR", ".cache"),
            ("", ".bashrc"),
            ("", ".profile"),
            ("", ".config/pip"),
            ("", ".pip"),
        ),
        env=words("PIPX_* PIP_* PYTHON* USE_EMOJI XDG_*") | COMPILERS,
    ),
    "uv": Tool(
        installs=("pip install", "tool install", "python install"),
        changes=("cache clean", "cache prune", "pip list", "pip uninstall", "tool update-shell"),
        flags=words(
            "--system --no-cache -n --upgrade -U --no-deps --pre --quiet -q --verbose -v "
            "--break-system-packages --compile-bytecode --reinstall --no-build-isolation --force "
            "--no-build --native-tls --no-progress --strict --no-config --default"
        ),
        values=words(
            "--index-url -i --extra-index-url --index --default-index --prerelease "
            "--resolution --link-mode --index-strategy --no-binary --only-binary --upgrade-package "
            "-P --with --python-platform --exclude-newer --torch-backend"
        ),
        folders=words("--target --prefix --cache-dir --install-dir"),
        homes=(
            ("UV_CACHE_DIR", ".cache/uv"),
            ("UV_TOOL_DIR", ".local"),
            ("", ".bashrc"),
            ("UV_TOOL_BIN_DIR", ".local/bin"),
            ("UV_PYTHON_INSTALL_DIR", ".local"),
            ("UV_PROJECT_ENVIRONMENT", ".local"),
            ("UV_CONFIG_FILE", ".config/uv"),
        ),
        near=("pyproject.toml", "uv.toml", ".python-version", ".python-versions"),
        env=words("UV_* PIP_* PYTHON* VIRTUAL_ENV CONDA_PREFIX XDG_*") | COMPILERS,
    ),
    **dict.fromkeys(("conda clean", "mamba clean", "micromamba clean"), _CONDA_CLEAN),
    **dict.fromkeys(("conda", "mamba", "micromamba"), _CONDA),
}
