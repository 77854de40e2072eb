module.exports = 10
