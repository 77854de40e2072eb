module.exports = 11
