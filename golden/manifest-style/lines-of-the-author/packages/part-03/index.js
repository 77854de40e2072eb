module.exports = 3
