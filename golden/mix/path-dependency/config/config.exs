import Config

config :shop, x: 1

import_config "#{config_env()}.exs"
