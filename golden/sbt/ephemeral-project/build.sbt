lazy val server = project
lazy val tools = project
