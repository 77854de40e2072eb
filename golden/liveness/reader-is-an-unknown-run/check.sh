mvn -o verify
