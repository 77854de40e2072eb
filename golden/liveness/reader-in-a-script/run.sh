#!/bin/sh
exec mvn exec:java
