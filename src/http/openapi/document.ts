import { setImmediate as nextTurn } from 'node:timers/promises';
import { relayRoutes } from '../../relay/dialects/all.js';
import { relayShapes } from '../../relay/dialects/shapes.js';
import { VERSION } from '../../support/version.js';
import type { BoundEndpoint } from '../endpoint.js';
import { fullPath } from '../areas.js';
import { components } from './components.js';
import { operation } from './operation.js';
import { relayPaths, relaySecuritySchemes } from './relay-operation.js';
import { Schemas } from './schemas.js';

type Paths = Record<string, Record<string, unknown>>;

/**
 * A document has one operation a path and method: of what people and holders of an access key ask at the same place, theirs is told beside it
 * (`x-with-access-key`).
 */
function sharedPaths(ofApi: Paths, ofRelay: Paths): Paths {
  const all: Paths = { ...ofApi };
  for (const [path, operations] of Object.entries(ofRelay)) {
    const shared = { ...all[path] };
    for (const [method, asked] of Object.entries(operations))
      shared[method] =
        shared[method] === undefined ? asked : { ...shared[method], 'x-with-access-key': asked };
    all[path] = shared;
  }
  return all;
}

/**
 * The OpenAPI 3.1 document of the whole service, made from the schemas that also validate the requests, and for the relay from what its
 * endpoints say of themselves. It takes most of a second, and others have their turn after each operation.
 */
export async function openApiDocument(endpoints: readonly BoundEndpoint[]): Promise<Record<string, unknown>> {
  const schemas = new Schemas();
  const paths: Paths = {};
  for (const endpoint of endpoints) {
    (paths[fullPath(endpoint)] ??= {})[endpoint.method] = operation(endpoint, schemas);
    await nextTurn();
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Counterfoil',
      version: VERSION,
      description:
        'An event-sourced quota ledger with an LLM relay in front of it. 1 USD is 500,000 quota. Messages are Chinese, or English with `Accept-Language: en`; codes are the same.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'external', description: 'What a front end calls, with a service key.' },
      {
        name: 'audit',
        description:
          'Questions of auditors, read-only, with a service key of scope `audit` or as an operator.',
      },
      { name: 'auth', description: 'How the people of accounts sign in.' },
      { name: 'user', description: 'What the people of accounts do, each with their own.' },
      { name: 'open', description: 'What anybody may ask.' },
      { name: 'admin', description: 'What operators do, each as their role allows.' },
      { name: 'relay', description: 'What API clients call, with an access key.' },
    ],
    paths: sharedPaths(paths, relayPaths(relayRoutes)),
    components: {
      ...components,
      securitySchemes: { ...components.securitySchemes, ...relaySecuritySchemes },
      schemas: { ...components.schemas, ...schemas.named, ...relayShapes },
    },
  };
}
