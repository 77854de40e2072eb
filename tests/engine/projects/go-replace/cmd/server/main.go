package main

import (
	"fmt"
	"time"

	"example.com/clock"
	"example.com/server/internal/greet"
	"github.com/google/uuid"
)

func main() {
	fmt.Println(greet.Hello(uuid.NewString()), clock.Stamp(time.Now()))
}
