class Core { }
