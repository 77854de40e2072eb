module example.org/a

go 1.21

require example.com/uuid v1.0.0
