import Config

config :shop, y: System.get_env("Y")
