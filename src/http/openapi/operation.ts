import { permissions } from '../../domain/operator/roles.js';
import type { BoundEndpoint } from '../endpoint.js';
import { isPermission } from '../middleware/auth.js';
import { failureResponses } from './responses.js';
import type { JsonSchema, Schemas } from './schemas.js';

/** One operation of the document. */
export function operation(endpoint: BoundEndpoint, schemas: Schemas): Record<string, unknown> {
  const isRead = endpoint.method === 'get' || endpoint.takesFile === true;
  const input = schemas.of(endpoint.input, 'input');
  const { inPath, rest } = apart(input, endpoint.path);
  return {
    tags: [endpoint.area ?? 'external'],
    operationId: endpoint.operationId,
    summary: endpoint.summary,
    description: `${endpoint.description}\n\n${accessText(endpoint)}`,
    security: securityOf(endpoint),
    parameters: [
      ...parameters(inPath, 'path'),
      ...(isRead ? parameters(rest, 'query') : []),
      // The other commands have a natural key: payment_id, refund_id, external_user_id.
      ...(endpoint.refusals.includes('idempotency_conflict') ? [reference('parameters/IdempotencyKey')] : []),
      reference('parameters/AcceptLanguage'),
      reference('parameters/RequestId'),
    ],
    ...(endpoint.takesFile
      ? fileBody(endpoint.fileType ?? 'text/csv')
      : isRead
        ? {}
        : bodyOf(endpoint, rest)),
    responses: { 200: successResponse(endpoint, schemas), ...failureResponses(endpoint) },
  };
}

const reference = (name: string) => ({ $ref: `#/components/${name}` });

/** What of the input is in the path, and the rest: the query or the body. */
function apart(input: JsonSchema, path: string): { inPath: JsonSchema; rest: JsonSchema } {
  const pick = (wanted: boolean): JsonSchema => {
    const keeps = (name: string) => path.includes(`{${name}}`) === wanted;
    const required = input.required?.filter(keeps);
    return {
      ...input,
      properties: Object.fromEntries(Object.entries(input.properties ?? {}).filter(([name]) => keeps(name))),
      ...(required && { required }),
    };
  };
  return { inPath: pick(true), rest: pick(false) };
}

function parameters({ properties, required }: JsonSchema, place: 'path' | 'query') {
  return Object.entries(properties ?? {}).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: required?.includes(name) ?? false,
    description,
    schema,
  }));
}

/** A command without fields of its own has no body to describe. */
function bodyOf(endpoint: BoundEndpoint, schema: JsonSchema) {
  if (Object.keys(schema.properties ?? {}).length === 0) return {};
  return {
    requestBody: {
      required: !endpoint.bodyOptional,
      content: { 'application/json': { schema, example: endpoint.example.request } },
    },
  };
}

/** The file as its maker wrote it; whatever media type it is sent with. */
const fileBody = (type: string) => ({
  requestBody: { required: true, content: { [type]: { schema: { type: 'string', format: 'binary' } } } },
});

function securityOf({ access, area }: BoundEndpoint): object[] {
  if (access === 'anybody') return [];
  if (access === 'person') return [{ session: [] }, { userToken: [] }];
  if (area === 'admin') return [{ operator: [] }, { operatorSession: [] }];
  const keys = [{ serviceKey: [] }, { serviceKeyHeader: [] }];
  return area === 'audit' ? [...keys, { operator: [] }] : keys;
}

function accessText({ access, area }: BoundEndpoint): string {
  if (access === 'anybody') return 'Open to anybody.';
  if (access === 'signed-in') return 'For every operator.';
  if (access === 'person') return 'For the person of an account.';
  if (isPermission(access)) return `Permission: \`${access}\` (${permissions[access].join(', ')}).`;
  const roles = area === 'audit' ? `, or an operator (${permissions['audit:read'].join(', ')})` : '';
  return `Scope: \`${access}\`${roles}.`;
}

function successResponse(endpoint: BoundEndpoint, schemas: Schemas) {
  const { answersText: mediaTypes = [] } = endpoint;
  if (mediaTypes.length > 0 && typeof endpoint.example.data === 'string')
    return textResponse(endpoint.summary, mediaTypes);
  const texts = (endpoint.messages ?? []).flatMap(({ zh, en }) => [zh, en]);
  const message = texts.length > 0 ? { message: { type: 'string', enum: texts } } : {};
  return {
    description: endpoint.summary,
    headers: {
      'X-Request-Id': reference('headers/RequestId'),
      ...(endpoint.method === 'get'
        ? {}
        : {
            'Idempotency-Replayed': reference('headers/IdempotencyReplayed'),
            'x-counterfoil-position': reference('headers/Position'),
          }),
    },
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['success', ...Object.keys(message), 'data'],
          properties: {
            success: { type: 'boolean', const: true },
            ...message,
            data: schemas.of(endpoint.data, 'output'),
            ...Object.fromEntries(
              Object.entries(endpoint.beside ?? {}).map(([name, schema]) => [
                name,
                schemas.of(schema, 'output'),
              ]),
            ),
          },
        },
        example: {
          success: true,
          ...(texts[0] === undefined ? {} : { message: texts[0] }),
          data: endpoint.example.data,
          ...endpoint.example.beside,
        },
      },
      ...textContent(mediaTypes),
    },
  };
}

const textResponse = (description: string, mediaTypes: readonly string[]) => ({
  description,
  headers: { 'X-Request-Id': reference('headers/RequestId') },
  content: textContent(mediaTypes),
});

const textContent = (mediaTypes: readonly string[]) =>
  Object.fromEntries(mediaTypes.map((type) => [type.replace(/;.*/, ''), { schema: { type: 'string' } }]));
