const words = require("words");

console.log(words());
