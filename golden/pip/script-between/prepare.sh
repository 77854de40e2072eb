#!/bin/sh
echo x > requirements.txt
