"""Tools that install JavaScript packages by name: Yarn 1, pnpm and corepack.

Source: the documentation of Yarn 1.22, pnpm 8 and corepack 0.28.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.by_name.named_tool import COMPILERS, Tool, words

_JS_ENV: Final = words("NODE_* npm_* NPM_* YARN_* PNPM_* COREPACK_* PUPPETEER_* PLAYWRIGHT_*")
_PACKAGE_JSON: Final = ("package.json", ".npmrc", ".yarnrc", ".yarnrc.yml")

JAVASCRIPT: Final[dict[str, Tool]] = {
    "yarn": Tool(
        installs=("global add", "global upgrade"),
        changes=(
            "cache clean",
            "config set",
            "config get",
            "config list",
            "config delete",
            "cache dir",
            "cache list",
            "global bin",
            "global dir",
            "config",
        ),
        flags=words(
            "--exact -E --silent -s --no-progress --non-interactive --no-cache --force "
            "--network-concurrency -g --global --prod --production --all --mirror --home -H "
            "--ignore-engines --ignore-scripts --no-lockfile --frozen-lockfile --verbose"
        ),
        values=words("--network-timeout --registry --mutex"),
        folders=words("--prefix --global-folder --cache-folder"),
        homes=(
            ("YARN_GLOBAL_FOLDER", ".config/yarn"),
            ("YARN_CACHE_FOLDER", ".cache"),
            ("", ".yarn"),
            ("", ".yarnrc"),
            ("", ".yarnrc.yml"),
            ("", ".yarn-config"),
            ("NPM_CONFIG_USERCONFIG", ".npmrc"),
            ("COREPACK_HOME", ".cache/node"),
        ),
        near=_PACKAGE_JSON,
        env=_JS_ENV | COMPILERS,
    ),
    "pnpm": Tool(
        installs=("add", "install", "i"),
        changes=("config set", "config get", "store prune", "set"),
        flags=words("-g --global --silent -s --prod -P --ignore-scripts --no-optional --force"),
        values=words("--reporter --loglevel --registry --allow-build"),
        folders=words("--global-dir --global-bin-dir --store-dir --dir -C"),
        homes=(
            ("PNPM_HOME", ".local/share/pnpm"),
            ("XDG_CACHE_HOME", ".cache"),
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_STATE_HOME", ".local"),
            ("", ".npmrc"),
            ("NPM_CONFIG_USERCONFIG", ".npmrc"),
            ("", ".pnpm-store"),
            ("COREPACK_HOME", ".cache/node"),
        ),
        near=(*_PACKAGE_JSON, "pnpm-workspace.yaml"),
        env=_JS_ENV | COMPILERS | {"XDG_*"},
    ),
    "corepack": Tool(
        installs=("prepare", "install", "use", "up"),
        changes=("enable", "disable", "cache clean", "cache clear"),
        flags=words("--activate -g --global --all --cache-only --json"),
        folders=words("--install-directory"),
        homes=(("COREPACK_HOME", ".cache/node"), ("", ".npmrc")),
        near=_PACKAGE_JSON,
        env=_JS_ENV,
    ),
}
