module example.org/b

go 1.21
