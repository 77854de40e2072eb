class Api { }
