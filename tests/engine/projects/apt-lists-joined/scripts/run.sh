#!/bin/sh
file "$0"
