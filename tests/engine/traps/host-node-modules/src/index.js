const ms = require("ms");
const colors = require("picocolors");

console.log(colors.green(ms(60000)));
