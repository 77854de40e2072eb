const fs = require("fs");

if (fs.existsSync("patches")) {
  for (const name of fs.readdirSync("patches")) {
    const file = `node_modules/${name}/index.js`;
    fs.appendFileSync(file, fs.readFileSync(`patches/${name}`));
  }
}
