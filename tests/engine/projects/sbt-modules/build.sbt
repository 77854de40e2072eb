ThisBuild / scalaVersion := "2.13.14"
ThisBuild / version := "0.1"
lazy val api = project.settings(libraryDependencies += "org.apache.commons" % "commons-lang3" % "3.12.0")
lazy val core = project.dependsOn(api).settings(libraryDependencies += "commons-codec" % "commons-codec" % "1.15", libraryDependencies += "junit" % "junit" % "4.13.2" % Test)
lazy val root = (project in file(".")).aggregate(api, core)
