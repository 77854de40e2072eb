module.exports = 12
