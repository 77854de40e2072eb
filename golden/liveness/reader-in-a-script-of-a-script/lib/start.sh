mvn exec:java
