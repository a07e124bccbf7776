import type { ChannelSettings } from './settings.js';

type Serving = Pick<ChannelSettings, 'models' | 'model_mapping'>;

/**
 * How a channel serves a name that clients call: it lists the name or maps it (`named`), or one of its wildcards covers it. Undefined: it
 * does not.
 */
export function servedAs(settings: Serving, model: string): 'named' | 'wildcard' | undefined {
  if (settings.models.includes(model) || Object.hasOwn(settings.model_mapping, model)) return 'named';
  return settings.models.some((pattern) => matchesModel(pattern, model)) ? 'wildcard' : undefined;
}

/** `*` in a pattern stands for any text, also for none. In time that grows with the pattern times the name, whatever they are. */
export function matchesModel(pattern: string, model: string): boolean {
  if (!pattern.includes('*')) return pattern === model;
  const [head = '', ...parts] = pattern.split('*');
  const tail = parts.pop() ?? '';
  if (model.length < head.length + tail.length || !model.startsWith(head) || !model.endsWith(tail))
    return false;
  const end = model.length - tail.length;
  let at = head.length;
  for (const part of parts) {
    const found = model.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
