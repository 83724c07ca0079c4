// Asks a Models API with the SDK that Node finds from the working directory or by NODE_PATH.
// Reads calls from stdin and writes answers to stdout, one JSON object a line; ends with its stdin.
"use strict";

const { createRequire } = require("node:module");
const path = require("node:path");
const readline = require("node:readline");

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const given = (model) => ({ id: model.id, created_at: model.created_at });

function client({ base_url, key }, Anthropic) {
  return new Anthropic({ baseURL: base_url, apiKey: key, authToken: null, maxRetries: 0, logLevel: "off" });
}

async function models(client, call) {
  const models = call.namespace === "beta" ? client.beta.models : client.models;
  if (call.do === "retrieve") return [await models.retrieve(call.model)];
  const found = [];
  if (call.do === "iterate") {
    for await (const model of models.list(call.query)) {
      found.push(model);
      if (found.length === call.most) break;
    }
    return found;
  }
  let page = await models.list(call.query);
  found.push(...page.data);
  while (call.do === "turn" && found.length < call.most && page.hasNextPage()) {
    page = await page.getNextPage();
    found.push(...page.data);
  }
  return found;
}

async function main() {
  let Anthropic;
  try {
    const sdk = createRequire(path.join(process.cwd(), "from-here.js"))("@anthropic-ai/sdk");
    Anthropic = sdk.Anthropic ?? sdk.default;
  } catch (error) {
    return say({ missing: `${error.code ?? error.name}` });
  }
  say({ ready: process.version });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const call = JSON.parse(line);
    try {
      say({ models: (await models(client(call, Anthropic), call)).map(given) });
    } catch (error) {
      say({ error: error?.constructor?.name ?? "Error", text: String(error?.message ?? error) });
    }
  }
}

main();
