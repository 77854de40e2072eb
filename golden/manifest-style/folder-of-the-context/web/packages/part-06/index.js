module.exports = 6
