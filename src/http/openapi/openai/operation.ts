const failure = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/RelayError' } } },
});

export const failures = {
  400: failure('`invalid_request_error`; `dialect_not_supported`: the model is served in other dialects'),
  401: failure('`invalid_api_key`, `key_expired`, `key_disabled`'),
  402: failure(
    '`insufficient_quota`: says how much was needed and how much is there; `x-should-retry: false`',
  ),
  403: failure('`account_suspended`, `model_not_allowed`, `ip_not_allowed`'),
  404: failure('`model_not_found`'),
  413: failure('`request_too_large`'),
  429: failure('`rate_limit_exceeded`, with `Retry-After`'),
  502: failure('`upstream_unavailable`'),
  503: failure('`no_channel`, `ledger_unavailable`'),
  504: failure('`upstream_unavailable`'),
};

const chargeHeader = {
  'x-request-id': { schema: { type: 'string' }, description: 'with which the charge is found again' },
  'x-counterfoil-charge': {
    schema: { type: 'integer' },
    description: 'quota, where it is known before the headers go',
  },
};

export const schemaOf = (name: string) => ({ $ref: `#/components/schemas/${name}` });

export interface OpenaiCall {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Names of schemas. */
  readonly request: string;
  readonly answer: string;
  /** Absent of a form: files have none. */
  readonly example?: object;
  readonly requestType?: 'multipart/form-data';
  /** Also as server-sent events. */
  readonly streamed?: boolean;
  /** Instead of JSON. */
  readonly contentType?: string;
}

/** A held, metered and charged call; the relay reads the members its schema names and passes the rest through. */
export function openaiCall(call: OpenaiCall): object {
  const json = { [call.contentType ?? 'application/json']: { schema: schemaOf(call.answer) } };
  return {
    post: {
      tags: ['relay'],
      operationId: call.operationId,
      summary: call.summary,
      description: call.description,
      security: [{ accessKey: [] }],
      requestBody: {
        required: true,
        content: {
          [call.requestType ?? 'application/json']: {
            schema: schemaOf(call.request),
            ...(call.example && { example: call.example }),
          },
        },
      },
      responses: {
        200: {
          description: 'The answer, sent once its charge is durable',
          headers: chargeHeader,
          content: call.streamed ? { ...json, 'text/event-stream': { schema: { type: 'string' } } } : json,
        },
        ...failures,
      },
    },
  };
}

/** An object of which only some members are told. */
export const open = (required: readonly string[], properties: object) => ({
  type: 'object',
  required,
  additionalProperties: true,
  properties,
});

export const counts = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'integer' }])),
});
