// SPDX-License-Identifier: Apache-2.0
// interop_nats.cjs put|get|list SERVER BUCKET [NAME FILE]: an object of a bucket by the official
// client for JavaScript, which lies in the folder MAPFERRY_NATS_JS or where node finds it.
"use strict";
const fs = require("fs");

const paths = [process.env.MAPFERRY_NATS_JS, ...module.paths].filter(Boolean);
const load = (name) => require(require.resolve(name, { paths }));

async function run(work, server, bucket, name, file) {
  const { connect } = load("@nats-io/transport-node");
  const { Objm } = load("@nats-io/obj");
  const connection = await connect({ servers: server });
  try {
    const objects = await new Objm(connection).create(bucket);
    if (work === "put") {
      await objects.putBlob({ name }, new Uint8Array(fs.readFileSync(file)));
    } else if (work === "get") {
      const bytes = await objects.getBlob(name);
      if (bytes === null) throw new Error("there is no object " + name);
      fs.writeFileSync(file, bytes);
    } else {
      const names = (await objects.list()).map((entry) => entry.name);
      console.log(JSON.stringify(names));
    }
  } finally {
    await connection.close();
  }
}

if (process.argv[2] === "probe") load("@nats-io/obj"), load("@nats-io/transport-node");
else
  run(...process.argv.slice(2)).catch((error) => {
    console.error(String(error));
    process.exit(1);
  });
