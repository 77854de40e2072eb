#!/bin/sh
DOCKER_BUILDKIT=0 docker build -t app .
