lazy val other = RootProject(file("../other"))
