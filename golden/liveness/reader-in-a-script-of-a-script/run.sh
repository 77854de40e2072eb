#!/bin/sh
. /app/lib/start.sh
