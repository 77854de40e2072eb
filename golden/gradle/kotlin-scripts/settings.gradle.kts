rootProject.name = "shop"
pluginManagement {
    includeBuild("build-logic")
}
// include(":old")
include(":api", ":core")
project(":core").projectDir = file("modules/core")
