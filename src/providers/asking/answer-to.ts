import { ProviderUnavailable } from '../../reactions/payments/provider.js';

/** What names another one answers another question, whoever signed it: nothing is known then. @throws ProviderUnavailable */
export function requireAnswerTo<Said>(said: Said, member: string, asked: string): Said {
  const named: unknown = typeof said === 'object' && said !== null ? Reflect.get(said, member) : undefined;
  if (named !== undefined && named !== asked)
    throw new ProviderUnavailable(`it answered of another ${member}`);
  return said;
}
