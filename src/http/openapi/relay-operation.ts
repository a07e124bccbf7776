import type { DialectDocument, EndpointDocument, ParameterDocument } from '../../relay/dialects/document.js';
import type { Route } from '../../relay/dialects/route.js';

/** The ways in which a key may come that are not those of the whole document. */
export const relaySecuritySchemes = {
  geminiKey: { type: 'apiKey', in: 'header', name: 'x-goog-api-key' },
  geminiKeyInAddress: {
    type: 'apiKey',
    in: 'query',
    name: 'key',
    description: 'never logged, never sent on; but whatever stands before the service may log addresses',
  },
};

/**
 * The paths of the relay, as their endpoints tell of themselves. Of a path that dialects share, the one that asks for no header tells, and
 * the answers of the others are answers of it too.
 */
export function relayPaths(routes: readonly Route[]): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, endpoint, when } of routes) {
    if (when) continue;
    const { document, dialect } = endpoint;
    const others = routes.filter((other) => other.when && other.method === method && other.path === path);
    const content = anyOf([document, ...others.map((other) => other.endpoint.document)]);
    const told = { ...document, answer: { ...document.answer, content } };
    (paths[path] ??= {})[method.toLowerCase()] = operation(told, dialect.document, dialect.requestIdHeader);
  }
  return paths;
}

function anyOf(documents: readonly EndpointDocument[]): EndpointDocument['answer']['content'] {
  const [first = {}, ...others] = documents.map(({ answer }) => answer.content);
  return Object.fromEntries(
    Object.entries(first).map(([mediaType, shape]) => {
      const alternatives = others.flatMap((content) => content[mediaType] ?? []);
      return [mediaType, alternatives.length === 0 ? shape : { anyOf: [shape, ...alternatives] }];
    }),
  );
}

function operation(
  { operationId, summary, description, parameters, request, answer, isCharged, failures }: EndpointDocument,
  dialect: DialectDocument,
  requestIdHeader = 'x-request-id',
): Record<string, unknown> {
  return {
    tags: ['relay'],
    operationId,
    summary,
    ...(description && { description }),
    security: dialect.keys.map((name) => ({ [name]: [] })),
    ...(parameters && { parameters: parameters.map(parameter) }),
    ...(request && {
      requestBody: {
        required: true,
        content: {
          [request.mediaType ?? 'application/json']: {
            schema: request.shape,
            ...(request.example && { example: request.example }),
          },
        },
      },
    }),
    responses: {
      200: {
        description: answer.description,
        ...(isCharged && { headers: chargeHeaders(requestIdHeader) }),
        content: Object.fromEntries(
          Object.entries(answer.content).map(([mediaType, schema]) => [mediaType, { schema }]),
        ),
      },
      ...failureResponses(dialect, failures),
    },
  };
}

const parameter = ({ name, in: place, required = false, description, shape: schema }: ParameterDocument) => ({
  name,
  in: place,
  required,
  ...(description && { description }),
  schema,
});

const chargeHeaders = (requestIdHeader: string) => ({
  [requestIdHeader]: { schema: { type: 'string' }, description: 'with which the charge is found again' },
  'x-counterfoil-charge': {
    schema: { type: 'integer' },
    description: 'quota, where it is known before the headers go',
  },
  'x-counterfoil-position': {
    schema: { type: 'integer' },
    description:
      "the charge's place in the log, for `min_position` of a read; where it is known before the headers go",
  },
});

function failureResponses({ failures, error }: DialectDocument, only: readonly number[] | undefined) {
  const statuses = only ?? Object.keys(failures).map(Number);
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: failures[status], content: { 'application/json': { schema: error } } },
    ]),
  );
}
