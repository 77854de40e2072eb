"""Pull requests, through the client library of each kind of forge."""
