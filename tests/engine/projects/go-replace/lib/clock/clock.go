// Package clock tells the time in one form.
package clock

import "time"

// Stamp is the time as text.
func Stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }
