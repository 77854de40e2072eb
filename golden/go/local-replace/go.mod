module example.org/hello

go 1.23

require github.com/google/uuid v1.6.0

require example.org/lib v0.0.0

replace example.org/lib => ./lib
