"""The files that tell builds: compose and bake."""
