import { anthropicDocument } from './anthropic/document.js';
import { messagesShapes } from './anthropic/messages/document.js';
import type { Shapes } from './document.js';
import { geminiDocument } from './gemini/document.js';
import { embedShapes } from './gemini/embed/document.js';
import { generateShapes } from './gemini/generate/document.js';
import { chatShapes } from './openai/chat/document.js';
import { completionsShapes } from './openai/completions/document.js';
import { openaiDocument } from './openai/document.js';
import { imageShapes } from './openai/images/document.js';
import { inputShapes } from './openai/inputs/document.js';
import { responsesShapes } from './openai/responses/document.js';
import { speechShapes } from './openai/speech/document.js';
import { transcriptShapes } from './openai/transcriptions/document.js';

/** Every shape that a document of the relay refers to. */
export const relayShapes: Shapes = {
  ...openaiDocument.shapes,
  ...chatShapes,
  ...completionsShapes,
  ...responsesShapes,
  ...inputShapes,
  ...speechShapes,
  ...imageShapes,
  ...transcriptShapes,
  ...anthropicDocument.shapes,
  ...messagesShapes,
  ...geminiDocument.shapes,
  ...generateShapes,
  ...embedShapes,
};
