import { describe, expect, it } from '@jest/globals';
import { judgeChat } from '../../../../src/relay/dialects/openai/chat/members.js';
import { membersOf } from '../../../../src/relay/dialects/request-members/table.js';

function referencesOf(message: object): readonly string[] {
  const chat = { model: 'm', messages: [message] };
  return judgeChat.asks(chat, membersOf(chat))?.references.map(({ id }) => id) ?? [];
}

describe('what a chat refers to', () => {
  it.each([
    [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }, ['file-1']],
    [{ role: 'user', content: [{ type: 'file', file_id: 'file-1' }] }, ['file-1']],
    [{ role: 'assistant', audio: { id: 'audio-1' } }, ['audio-1']],
    [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'ms://f-1' } }] }, ['f-1']],
    [{ role: 'user', content: [{ type: 'video_url', video_url: { url: 'ms://f-1' } }] }, ['f-1']],
    [{ role: 'user', content: [{ type: 'image_url', image_url: 'ms://f-1' }] }, ['f-1']],
    [{ role: 'system', content: 'fileid://f-1, fileid://f-2' }, ['f-1', 'f-2']],
    [{ role: 'system', content: [{ type: 'text', text: 'fileid://f-1' }] }, ['f-1']],
  ])('%j', (message, references) => expect(referencesOf(message)).toEqual(references));

  it.each([
    [{ role: 'user', content: 'fileid://f-1' }],
    [{ role: 'system', content: 'write fileid://f-1' }],
    [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://host/ms://f-1' } }] }],
    [{ role: 'user', content: [{ type: 'text', text: 'ms://f-1' }, null, 'ms://f-1'] }],
  ])('%j refers to nothing', (message) => expect(referencesOf(message)).toEqual([]));
});
