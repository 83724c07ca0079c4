// Prints what the installed TypeScript SDK says of the Models API, as JSON Schemas.
//
// The types are read by the TypeScript compiler. Where a parameter goes is seen in the request that the SDK makes for
// it: its `fetch` is a function of this script. Exit status 3: a package is missing.
'use strict';
const path = require('node:path');
const { createRequire } = require('node:module');

// As Node finds a package: from the working directory, then in NODE_PATH.
const find = createRequire(path.join(process.cwd(), 'here.js'));

function installed(name) {
  try {
    return find(name);
  } catch (error) {
    missing(error.message.split('\n')[0]);
  }
}

function missing(why) {
  process.stderr.write(`${why}\n`);
  process.exit(3);
}

const ts = installed('typescript');
const Anthropic = installed('@anthropic-ai/sdk');
if (!ts.createProgram) missing(`typescript ${ts.version} has no compiler API`);
const folder = path.dirname(find.resolve('@anthropic-ai/sdk'));
const files = ['models', 'beta/models', 'beta/beta'].map((name) => path.join(folder, 'resources', `${name}.d.ts`));
const program = ts.createProgram(files, { strict: true, types: [], lib: ['lib.es2020.d.ts'] });
const checker = program.getTypeChecker();
const [models, betaModels, beta] = files.map(exportsOf);

function exportsOf(file) {
  const symbol = checker.getSymbolAtLocation(program.getSourceFile(file));
  const symbols = checker.getExportsOfModule(symbol);
  return Object.fromEntries(symbols.map((found) => [found.name, found]));
}

function ofType(symbol) {
  return symbol ? schema(checker.getDeclaredTypeOfSymbol(symbol)) : {};
}

function schema(type) {
  if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
  if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
  if (type.isStringLiteral()) return { const: type.value };
  if (type.flags & ts.TypeFlags.String) return { type: 'string' };
  if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
  if (type.isUnion()) return { anyOf: type.types.filter(isGiven).map(schema) };
  // `string & {}`: any string, beside the known ones.
  if (type.isIntersection()) return schema(type.types[0]);
  if (checker.isArrayType(type)) return { type: 'array', items: schema(checker.getTypeArguments(type)[0]) };
  if (type.flags & ts.TypeFlags.Object) return ofObject(type);
  throw new Error(`no JSON Schema for ${checker.typeToString(type)}`);
}

function isGiven(type) {
  return !(type.flags & ts.TypeFlags.Undefined);
}

function ofObject(type) {
  const members = checker.getPropertiesOfType(type);
  const required = members.filter((member) => !(member.flags & ts.SymbolFlags.Optional)).map((member) => member.name);
  const properties = members.map((member) => [member.name, schema(checker.getTypeOfSymbol(member))]);
  return { type: 'object', properties: Object.fromEntries(properties), required };
}

let sent;
const body = '{"data":[],"has_more":false,"first_id":null,"last_id":null}';

async function fetch(url, request) {
  const query = [...new URL(url).searchParams.keys()].map((name) => `query.${name}`);
  const headers = [...new Headers(request.headers).keys()].map((name) => `header.${name}`);
  sent = new Set([...query, ...headers]);
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}

function sample(of) {
  const kinds = (of.anyOf ?? [of]).map((each) => each.type);
  if (kinds.includes('array')) return ['x'];
  return kinds.includes('number') ? 1 : 'x';
}

async function parameters(method, symbol) {
  await method({});
  const without = sent;
  const found = {};
  for (const [name, own] of Object.entries(ofType(symbol).properties ?? {})) {
    await method({ [name]: sample(own) });
    for (const place of sent) if (!without.has(place)) found[place] = own;
  }
  return found;
}

async function main() {
  const client = new Anthropic({ apiKey: 'unused', fetch, maxRetries: 0 });
  const found = { list: {}, retrieve: {} };
  for (const [own, types] of [[client.models, models], [client.beta.models, betaModels]]) {
    Object.assign(found.list, await parameters((given) => own.list(given), types.ModelListParams));
    Object.assign(found.retrieve, await parameters((given) => own.retrieve('x', given), types.ModelRetrieveParams));
  }
  const { version } = find(path.join(folder, 'package.json'));
  const { ModelInfo } = models;
  const facts = { version, ModelInfo: ofType(ModelInfo), BetaModelInfo: ofType(betaModels.BetaModelInfo) };
  process.stdout.write(JSON.stringify({ ...facts, betas: ofType(beta.AnthropicBeta), ...found }));
}

main();
