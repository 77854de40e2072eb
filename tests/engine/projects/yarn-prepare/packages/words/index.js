module.exports = (n) => `words: ${n}`;
