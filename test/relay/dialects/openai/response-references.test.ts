import { describe, expect, it } from '@jest/globals';
import { judgeResponse } from '../../../../src/relay/dialects/openai/responses/members.js';
import { membersOf } from '../../../../src/relay/dialects/request-members/table.js';

function referencesOf(item: object): readonly string[] {
  const request = { model: 'm', input: [item] };
  return judgeResponse.asks(request, membersOf(request))?.references.map(({ id }) => id) ?? [];
}

describe('what an item of a response refers to', () => {
  it.each([
    [{ type: 'item_reference', id: 'msg_1' }],
    [{ id: 'msg_1' }],
    [{ type: null, id: 'msg_1' }],
    [{ type: null, role: null, id: 'msg_1' }],
    [{ type: 'reasoning', id: 'msg_1', summary: [] }],
  ])('%j', (item) => expect(referencesOf(item)).toEqual(['msg_1']));

  it.each([
    [{ role: 'user', id: 'msg_1', content: 'hi' }],
    [{ type: 'message', id: 'msg_1', role: 'assistant', content: [] }],
    [{ type: 'reasoning', id: 'msg_1', summary: [], encrypted_content: 'x' }],
  ])('%j refers to nothing', (item) => expect(referencesOf(item)).toEqual([]));
});
