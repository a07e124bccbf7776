import { z } from 'zod';
import type { BoundEndpoint } from '../endpoint.js';
import { failureResponses } from './responses.js';

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly required?: readonly string[];
}

/** One operation of the document. */
export function operation(endpoint: BoundEndpoint): Record<string, unknown> {
  const isRead = endpoint.method === 'get';
  const input = jsonSchema(endpoint.input, 'input');
  return {
    tags: [endpoint.area ?? 'external'],
    operationId: endpoint.operationId,
    summary: endpoint.summary,
    description: `${endpoint.description}\n\nScope: \`${endpoint.scope}\`.`,
    security: [{ serviceKey: [] }, { serviceKeyHeader: [] }],
    parameters: [
      ...(isRead ? inputParameters(endpoint.path, input) : []),
      // The other commands have a natural key: payment_id, refund_id, external_user_id.
      ...(endpoint.refusals.includes('idempotency_conflict') ? [reference('parameters/IdempotencyKey')] : []),
      reference('parameters/AcceptLanguage'),
      reference('parameters/RequestId'),
    ],
    ...(isRead ? {} : { requestBody: requestBody(endpoint, input) }),
    responses: { 200: successResponse(endpoint), ...failureResponses(endpoint) },
  };
}

const reference = (name: string) => ({ $ref: `#/components/${name}` });

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): ObjectSchema {
  // Amounts and transforms describe themselves by their metadata.
  const generated: Record<string, unknown> = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  // The dialect is the document's, not each schema's.
  delete generated.$schema;
  return generated;
}

function inputParameters(path: string, input: ObjectSchema) {
  return Object.entries(input.properties ?? {}).map(([name, { description, ...schema }]) => ({
    name,
    in: path.includes(`{${name}}`) ? 'path' : 'query',
    required: input.required?.includes(name) ?? false,
    description,
    schema,
  }));
}

function requestBody(endpoint: BoundEndpoint, input: ObjectSchema) {
  return {
    required: true,
    content: { 'application/json': { schema: input, example: endpoint.example.request } },
  };
}

function successResponse(endpoint: BoundEndpoint) {
  const texts = (endpoint.messages ?? []).flatMap(({ zh, en }) => [zh, en]);
  const message = texts.length > 0 ? { message: { type: 'string', enum: texts } } : {};
  return {
    description: endpoint.summary,
    headers: {
      'X-Request-Id': reference('headers/RequestId'),
      ...(endpoint.method === 'get'
        ? {}
        : { 'Idempotency-Replayed': reference('headers/IdempotencyReplayed') }),
    },
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['success', ...Object.keys(message), 'data'],
          properties: {
            success: { type: 'boolean', const: true },
            ...message,
            data: jsonSchema(endpoint.data, 'output'),
          },
        },
        example: {
          success: true,
          ...(texts[0] === undefined ? {} : { message: texts[0] }),
          data: endpoint.example.data,
        },
      },
    },
  };
}
