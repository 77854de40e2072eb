module.exports = 4
