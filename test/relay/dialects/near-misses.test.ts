import { describe, expect, it } from '@jest/globals';
import { isRelayPath, nearMissOf } from '../../../src/relay/dialects/near-misses.js';

describe('a path that is nearly one of the relay’s', () => {
  it.each([
    ['POST', '/chat/completions', '/v1/chat/completions', 'openai'],
    ['POST', '/v1/v1/messages', '/v1/messages', 'anthropic'],
    ['POST', '/messages', '/v1/messages', 'anthropic'],
    ['POST', '/anthropic/v1/messages', '/v1/messages', 'anthropic'],
    ['POST', '/v1/messages/v1/messages', '/v1/messages', 'anthropic'],
    ['POST', '/v1/chat/completions/chat/completions', '/v1/chat/completions', 'openai'],
    ['POST', '/v1/chat/completions/', '/v1/chat/completions', 'openai'],
    ['POST', '/openai/responses', '/v1/responses', 'openai'],
    ['POST', '/api/v1/chat/completions', '/v1/chat/completions', 'openai'],
    ['POST', '/v1beta/openai/chat/completions', '/v1/chat/completions', 'openai'],
    ['GET', '/models', '/v1/models', 'openai'],
    ['POST', '/v1/models/m:generateContent', '/v1beta/models/m:generateContent', 'gemini'],
    ['POST', '/v1alpha/models/m:streamGenerateContent', '/v1beta/models/m:streamGenerateContent', 'gemini'],
    ['POST', '/models/m:countTokens', '/v1beta/models/m:countTokens', 'gemini'],
    ['POST', '/v1/v1beta/models/m:generateContent', '/v1beta/models/m:generateContent', 'gemini'],
  ])('%s %s would be served at %s', (method, path, served, dialect) => {
    const found = nearMissOf(method, path, {});
    expect({ served: found?.served, dialect: found?.endpoint.dialect.name }).toEqual({ served, dialect });
    expect(isRelayPath(path)).toBe(true);
  });

  it.each(['/v1/files', '/v1/realtime', '/v1beta/files', '/upload/v1beta/files', '/v1'])(
    'POST %s is near nothing, and the relay’s all the same',
    (path) => {
      expect(nearMissOf('POST', path, {})).toBeUndefined();
      expect(isRelayPath(path)).toBe(true);
    },
  );

  it.each(['/api/user/external/u1', '/docs', '/', '/openapi.json', '/api/admin/channels', '/portal/models'])(
    '%s is not the relay’s',
    (path) => expect(isRelayPath(path)).toBe(false),
  );
});
