module example.org/a

go 1.22

require example.org/b v0.0.0

replace example.org/b => ./b
