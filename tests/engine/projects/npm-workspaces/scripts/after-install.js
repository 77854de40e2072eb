const fs = require("fs");

fs.writeFileSync("node_modules/installed.txt", "by the postinstall script\n");
