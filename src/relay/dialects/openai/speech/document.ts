import { CHARGED_ANSWER, type EndpointDocument, open, shape, type Shapes, text } from '../../document.js';

export const speechDocument: EndpointDocument = {
  operationId: 'createSpeech',
  summary: 'Say a text',
  description:
    'The sound goes on as it comes; its last piece waits until the charge is durable. Charged by the characters of the text, or, where the model is priced by tokens, by an estimate of those from above.',
  request: {
    shape: shape('SpeechRequest'),
    example: { model: 'tts-1', input: 'Hello', voice: 'alloy' },
  },
  answer: { description: CHARGED_ANSWER, content: { 'audio/*': shape('Sound') } },
  isCharged: true,
};

export const speechShapes: Shapes = {
  SpeechRequest: open(['model', 'input'], {
    model: text,
    input: text,
    voice: {},
    response_format: text,
    stream_format: { type: 'string', const: 'audio' },
  }),
  Sound: { type: 'string', format: 'binary' },
};
