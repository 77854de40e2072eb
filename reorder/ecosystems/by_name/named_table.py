"""The package tools that install what is named: their verbs, options and own folders.

Sources: the manual pages and help texts of RubyGems 3.5, cargo 1.75, rustup 1.26, composer 2.7,
cpanm 1.7 and luarocks 3.9.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.by_name.named_javascript import JAVASCRIPT
from reorder.ecosystems.by_name.named_python import PYTHON
from reorder.ecosystems.by_name.named_tool import COMPILERS, Tool, words
from reorder.ecosystems.fetching import GIT_ENV

# What RubyGems fills in GEM_HOME beside the archives (rubygems.rb, REPOSITORY_SUBDIRECTORIES).
GEM_FOLDERS: Final = tuple(
    "bin build_info bundler doc extensions gems plugins specifications".split()
)

TOOLS: Final[dict[str, Tool]] = {
    "gem": Tool(
        installs=("install", "i", "update"),
        changes=("sources", "cleanup", "list", "env", "environment", "uninstall", "which"),
        flags=words(
            "--no-document --no-ri --no-rdoc --conservative -f --force -N --no-user-install -q "
            "--quiet --silent --system --pre --prerelease --minimal-deps --user-install -V "
            "--verbose --no-wrappers -E --env-shebang --default -a --all -x --executables -I "
            "--ignore-dependencies --no-update-sources --clear-sources --post-install-message "
            "--no-post-install-message --development --both -b -r --remote --no-verbose "
            "--no-prerelease"
        ),
        values=words(
            "-v --version -s --source --platform --document -P --trust-policy -a --add -r --remove "
            "--http-proxy -p --format-executable"
        )
        - {"-a", "-r", "--remove"},
        folders=words("-i --install-dir -n --bindir"),
        homes=(
            *((f"GEM_HOME/{name}", ".gem") for name in GEM_FOLDERS),
            ("GEM_SPEC_CACHE", ".local/share/gem"),
            ("", ".gemrc"),
        ),
        patterns=("*.gem",),
        archives="GEM_HOME/cache",
        env=words("GEM* BUNDLE_* RUBY* RB_*") | COMPILERS,
    ),
    "cargo": Tool(
        installs=("install",),
        flags=words(
            "--locked --force -f --debug --no-default-features --all-features --bins --frozen -q "
            "--quiet -v --verbose --no-track --offline --list --examples --ignore-rust-version"
        )
        - {"--list", "--offline"},
        values=words(
            "--version --vers --git --branch --tag --rev --features -F --target --bin --example "
            "--profile --registry --index -j --jobs --color"
        ),
        folders=words("--root --target-dir"),
        homes=(
            ("CARGO_HOME", ".cargo"),
            ("RUSTUP_HOME", ".rustup"),
            ("CARGO_INSTALL_ROOT", ".cargo"),
            ("CARGO_TARGET_DIR", ".cargo"),
        ),
        near=("rust-toolchain", "rust-toolchain.toml"),
        env=words("CARGO* RUST* SSH_*") | GIT_ENV | COMPILERS,
    ),
    "rustup": Tool(
        installs=(
            "default",
            "toolchain install",
            "toolchain add",
            "target add",
            "component add",
            "update",
            "toolchain update",
            "install",
        ),
        changes=(
            "set profile",
            "show",
            "self update",
            "override set",
            "set auto-self-update",
            "toolchain list",
            "toolchain uninstall",
            "component list",
            "target list",
            "component remove",
        ),
        flags=words(
            "--no-self-update --force -q --quiet -v --verbose --allow-downgrade "
            "--force-non-host --installed"
        ),
        values=words("--profile -c --component -t --target --toolchain"),
        homes=(("RUSTUP_HOME", ".rustup"), ("CARGO_HOME/bin", ".cargo/bin")),
        near=("rust-toolchain", "rust-toolchain.toml"),
        env=words("CARGO* RUST*"),
    ),
    "composer": Tool(
        installs=("global require", "self-update", "selfupdate"),
        changes=("clear-cache", "clearcache", "cc", "diagnose"),
        flags=words(
            "-n --no-interaction -q --quiet --no-progress --prefer-dist --optimize-autoloader "
            "-o --no-scripts --no-suggest --dev -W -w --with-all-dependencies --no-ansi --ansi --1 "
            "--2 --2.2 --stable --snapshot --preview --clean-backups --sort-packages "
            "--update-no-dev --ignore-platform-reqs -v -vv -vvv --no-cache "
            "--update-with-dependencies --prefer-source"
        ),
        values=words("--ignore-platform-req --set-channel-as-default"),
        homes=(
            ("COMPOSER_HOME", ".composer"),
            ("", ".config/composer"),
            ("COMPOSER_CACHE_DIR", ".cache/composer"),
            ("", ".local/share/composer"),
            ("COMPOSER_BIN_DIR", ".composer"),
        ),
        env=words("COMPOSER* PHP* SSH_* XDG_*") | GIT_ENV,
    ),
    "cpanm": Tool(
        installs=("",),
        flags=words(
            "--notest -n --force -f -q --quiet -v --verbose --no-man-pages --self-upgrade "
            "--reinstall --skip-satisfied --sudo -S --no-wget --with-recommends"
        ),
        values=words("-M --mirror --from"),
        folders=words("-l --local-lib -L --local-lib-contained"),
        homes=(("PERL_CPANM_HOME", ".cpanm"), ("PERL_LOCAL_LIB_ROOT", "perl5")),
        env=words("PERL*") | COMPILERS,
    ),
    "luarocks": Tool(
        installs=("install",),
        changes=("list", "remove"),
        flags=words("--local --global --force --deps-only --no-doc --verbose"),
        values=words("--server --only-server --lua-version"),
        folders=words("--tree"),
        homes=(("LUAROCKS_CONFIG", ".luarocks"), ("", ".cache/luarocks"), ("", ".config/luarocks")),
        patterns=("*.rockspec", ".luarocks", "lua_modules"),
        env=words("LUA*") | COMPILERS,
    ),
    **JAVASCRIPT,
    **PYTHON,
}
