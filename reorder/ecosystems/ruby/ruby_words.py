"""Words of Ruby that read no file, and those that do.

Source: Ruby 3.3 documentation of Kernel, File, Dir and IO.
"""

from __future__ import annotations

from typing import Final

KEYWORDS: Final = frozenset(
    "and begin break case def defined? do else elsif end ensure false for if in module class next "
    "nil not or redo rescue return self super then true undef unless until when while yield "
    "puts warn raise abort lambda proc freeze private public attr_reader format sprintf p fail "
    "rand srand loop catch throw block_given? __method__ __dir__ __FILE__ respond_to? is_a? nil? "
    "$stderr to_s key?".split()
)
SAFE_CONSTANTS: Final = frozenset(
    "ENV RUBY_VERSION RUBY_ENGINE RUBY_PLATFORM RUBY_ENGINE_VERSION RUBY_PATCHLEVEL Gem Bundler "
    "Regexp String Array Hash Integer Float Symbol Comparable Time Date RbConfig Set Object Struct "
    "StandardError ArgumentError LoadError NameError Class Module DATA Encoding "
    "File".split()
)
PURE: Final = frozenset(
    "join expand_path absolute_path basename dirname extname realpath split".split()
)
READS: Final = frozenset(
    "read readlines foreach open binread exist? exists? file? readable? directory? size "
    "zero?".split()
)
QUESTIONS: Final = frozenset("exist? exists? file? readable? directory?".split())
ACTS: Final = frozenset(
    "instance_eval class_eval module_eval eval send public_send __send__ instance_exec system exec "
    "spawn popen capture2 capture2e capture3 load constantize".split()
)
ASKS: Final = frozenset("fetch key? [] has_key? include? member?".split())
LIBRARY: Final = frozenset(
    "extend include attr_accessor attr_writer module_function protected private_constant "
    "alias_method".split()
)
