import Config

config :shop, commit: System.cmd("git", ["rev-parse", "HEAD"])
