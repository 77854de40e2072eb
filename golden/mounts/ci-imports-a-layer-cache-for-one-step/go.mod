module example.org/app

go 1.22

require rsc.io/quote v1.5.2
