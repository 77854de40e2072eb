"""Everything that nearly every repository needs, loaded at once where many are worked on."""

import difflib

import dockerfile_parse
import tree_sitter
import tree_sitter_bash
import yaml

import reorder.ci.run
import reorder.fleet.work.one

LOADED = (difflib, dockerfile_parse, tree_sitter, tree_sitter_bash, yaml, reorder)
