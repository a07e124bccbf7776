/** A JSON Schema, or a reference to a shape by its name: `shape('Message')`. */
export type Shape = Readonly<Record<string, unknown>>;

/** Shapes that documents refer to, by name. */
export type Shapes = Readonly<Record<string, Shape>>;

/** What is said of an endpoint to those who call it. The API's document is made of these; they know nothing of its form. */
export interface EndpointDocument {
  /** What generated clients call it. */
  readonly operationId: string;
  /** One line. */
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly ParameterDocument[];
  readonly request?: {
    readonly shape: Shape;
    /** Default: JSON. */
    readonly mediaType?: string;
    readonly example?: object;
  };
  readonly answer: {
    readonly description: string;
    /** By media type. */
    readonly content: Readonly<Record<string, Shape>>;
  };
  /** Held, metered and charged: the answer tells its charge. */
  readonly isCharged: boolean;
  /** By status, of those that the dialect knows; default: all. */
  readonly failures?: readonly number[];
}

export interface ParameterDocument {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly shape: Shape;
}

/** What the documents of one dialect have in common. */
export interface DialectDocument {
  /** What errors look like. */
  readonly error: Shape;
  /** Which errors there are, by status. */
  readonly failures: Readonly<Record<number, string>>;
  /** Ways to bring a key, the usual one first, as the API's document names them. */
  readonly keys: readonly string[];
  readonly shapes: Shapes;
}

const REFERENCE = '#/components/schemas/';

/** A shape by its name. */
export const shape = (name: string): Shape => ({ $ref: REFERENCE + name });

/** An object of which only some members are told; the others pass through. */
export const open = (required: readonly string[], properties?: Shape): Shape => ({
  type: 'object',
  required,
  additionalProperties: true,
  ...(properties && { properties }),
});

export const listOf = (items: Shape, more: Shape = {}): Shape => ({ type: 'array', ...more, items });

/** Any object. */
export const anything: Shape = { type: 'object', additionalProperties: true };

export const text: Shape = { type: 'string' };
export const whole = (more: Shape = {}): Shape => ({ type: 'integer', ...more });

/** An object of counts. */
export const counts = (...names: readonly string[]): Shape => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'integer' }])),
});

/** An answer in JSON, in pieces too where `streamed`. */
export const json = (answered: Shape, streamed = false): EndpointDocument['answer']['content'] => ({
  'application/json': answered,
  ...(streamed && { 'text/event-stream': text }),
});

/** What every charged answer is. */
export const CHARGED_ANSWER = 'The answer, sent once its charge is durable';
