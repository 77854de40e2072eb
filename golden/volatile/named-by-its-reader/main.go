package main

var sha string

func main() { println(sha) }
