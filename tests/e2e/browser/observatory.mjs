// Runs Mozilla's HTTP Observatory on paths of the site: node observatory.mjs PORT PATH… Prints the results as JSON.
//
// Its own command tests only https://HOST/ and stops at a 404. So this script uses its functions with a port and paths.

import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { retrieve } from "@mdn/mdn-http-observatory/src/retriever/retriever.js";

// The HSTS preload list, which the package's install script would download. Loopback isn't in it.
const preloaded = fileURLToPath(import.meta.resolve("@mdn/mdn-http-observatory/conf/hsts-preload.json"));
if (!existsSync(preloaded)) writeFileSync(preloaded, "{}");

const [port, ...paths] = process.argv.slice(2);
const results = {};
for (const path of paths) {
  const requests = await retrieve("127.0.0.1", { httpPort: port, httpsPort: port, path });
  results[path] = {
    status: requests.responses.auto.status,
    tests: ALL_TESTS.map((test) => test(requests)).map(({ constructor, pass, result }) => ({ test: constructor.name, pass, result })),
  };
}
console.log(JSON.stringify(results));
