const ms = require("ms");
const words = require("words");
console.log(words(ms("2 days")));
