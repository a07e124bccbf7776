/** Schemas, headers and security schemes that all operations share. */
export const components = {
  securitySchemes: {
    serviceKey: { type: 'http', scheme: 'bearer', description: 'service key of a front end' },
    serviceKeyHeader: { type: 'apiKey', in: 'header', name: 'x-api-key' },
    operator: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'login of an operator' },
    operatorSession: {
      type: 'apiKey',
      in: 'cookie',
      name: 'counterfoil_operator',
      description: 'of a browser; `__Host-…` behind https',
    },
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: 'counterfoil_session',
      description: 'of a browser; `__Host-…` behind https',
    },
    userToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'sign-in of a person' },
    accessKey: { type: 'http', scheme: 'bearer', description: 'access key of an API client (`sk-…`)' },
  },
  parameters: {
    AcceptLanguage: {
      name: 'Accept-Language',
      in: 'header',
      schema: { type: 'string', examples: ['en'] },
      description: 'English messages with `en`, else Chinese',
    },
    RequestId: {
      name: 'X-Request-Id',
      in: 'header',
      schema: { type: 'string', maxLength: 128 },
      description: 'printable ASCII; echoed',
    },
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      schema: { type: 'string', minLength: 1, maxLength: 200 },
      description:
        'the same key with the same request gives the first answer again; with another request a 409',
    },
  },
  headers: {
    RequestId: { schema: { type: 'string' }, description: 'with which the request is found again' },
    Position: {
      schema: { type: 'integer' },
      description:
        'where in the log is what was written: a read with it as `min_position` shows at least that',
    },
    IdempotencyReplayed: {
      schema: { type: 'string', const: 'true' },
      description: 'present where the request had been answered before and nothing was done now',
    },
  },
  schemas: {
    FieldError: {
      type: 'object',
      required: ['field', 'rule', 'message'],
      properties: {
        field: { type: 'string', description: 'JSON name of the field' },
        rule: { type: 'string', enum: ['required', 'min', 'max', 'oneof', 'email', 'type'] },
        message: { type: 'string' },
      },
    },
    Failure: {
      type: 'object',
      required: ['success', 'message', 'code', 'request_id'],
      properties: {
        success: { type: 'boolean', const: false },
        message: { type: 'string' },
        code: { type: 'string', description: 'stable: branch on this' },
        request_id: { type: 'string' },
        errors: { type: 'array', items: { $ref: '#/components/schemas/FieldError' } },
        details: { type: 'object', description: 'facts of a conflict: which field differs, what remains' },
      },
    },
  },
};
