// What Mozilla's HTTP Observatory says of paths of the site: node observatory.mjs PORT PATH…, the findings as JSON.
//
// Its command asks for https://HOST/ alone, and gives up on a 404. So this asks by the same means, with a port and a
// path, and lays the same tests over each answer.

import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { retrieve } from "@mdn/mdn-http-observatory/src/retriever/retriever.js";

// The list of hosts that browsers know to have HTTPS, which its installation would fetch. Loopback is in no such list.
const preloaded = fileURLToPath(import.meta.resolve("@mdn/mdn-http-observatory/conf/hsts-preload.json"));
if (!existsSync(preloaded)) writeFileSync(preloaded, "{}");

const [port, ...paths] = process.argv.slice(2);
const found = {};
for (const path of paths) {
  const asked = await retrieve("127.0.0.1", { httpPort: port, httpsPort: port, path });
  found[path] = {
    status: asked.responses.auto.status,
    tests: ALL_TESTS.map((test) => test(asked)).map(({ constructor, pass, result }) => ({ test: constructor.name, pass, result })),
  };
}
console.log(JSON.stringify(found));
