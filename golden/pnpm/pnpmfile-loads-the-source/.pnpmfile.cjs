module.exports = require('./src/hooks');
