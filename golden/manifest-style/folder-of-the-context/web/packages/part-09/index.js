module.exports = 9
