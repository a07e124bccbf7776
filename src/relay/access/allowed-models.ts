import { matchesModel } from '../../domain/channel/models.js';

/** Says whether a key may use a model: an empty list allows all, `*` in a name of it stands for any text. */
export function compileAllowedModels(models: readonly string[]): (model: string) => boolean {
  if (models.length === 0) return () => true;
  const names = new Set(models);
  const patterns = models.filter((name) => name.includes('*'));
  return (model) => names.has(model) || patterns.some((pattern) => matchesModel(pattern, model));
}
