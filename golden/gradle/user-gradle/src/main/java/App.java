class App { }
