const ms = require("ms");

module.exports = () => ms(86400000, { long: true });
