#!/usr/bin/env node
console.log("words");
