//go:build tools

package main

import _ "example.com/uuid"
