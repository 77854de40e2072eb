plugins { id("shop.java") }
dependencies { implementation(files("libs/legacy.jar")) }
