// Stored format: channels name these in the log for ever. One that is gone stays readable.

/**
 * What a request may ask for beside tokens and what no price covers: whoever runs the channel says what is free there. Each stands for the
 * members that docs/request-members.md lists beside it.
 */
export const allowances = [
  'searches',
  'code',
  'file_search',
  'images',
  'maps',
  'moderation',
  'plugins',
  'routing',
  'other_models',
  'service_tier',
  'inference_geo',
  'stored',
  'unknown_tools',
] as const;
export type Allowance = (typeof allowances)[number];
