import {
  anything,
  CHARGED_ANSWER,
  type EndpointDocument,
  json,
  open,
  shape,
  type Shapes,
  text,
} from '../../document.js';

const CHARGED =
  'Charged by the second or by tokens, as the price list says; where upstream reports neither, by an estimate from the recording.';

const common = {
  request: { shape: shape('TranscriptRequest'), mediaType: 'multipart/form-data' },
  isCharged: true,
};

export const transcriptionsDocument: EndpointDocument = {
  ...common,
  operationId: 'createTranscription',
  summary: 'Write down what is said',
  description: `In the format asked for, whole or in pieces. ${CHARGED}`,
  answer: { description: CHARGED_ANSWER, content: json(shape('Transcript'), true) },
};

export const translationsDocument: EndpointDocument = {
  ...common,
  operationId: 'createTranslation',
  summary: 'Write down in English what is said',
  description: `In the format asked for. ${CHARGED}`,
  answer: { description: CHARGED_ANSWER, content: json(shape('Transcript')) },
};

export const transcriptShapes: Shapes = {
  TranscriptRequest: open(['model', 'file'], {
    model: text,
    file: { type: 'string', format: 'binary' },
    prompt: text,
    response_format: text,
    stream: { type: 'boolean' },
  }),
  Transcript: open(['text'], { text, duration: { type: 'number' }, usage: anything }),
};
