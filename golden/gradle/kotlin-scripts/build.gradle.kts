version = file("VERSION").readText().trim()
