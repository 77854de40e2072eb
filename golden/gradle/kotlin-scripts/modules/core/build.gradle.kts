dependencies { implementation(libs.slf4j) }
