class Web { }
