// What can be wrong with a gift beside the rules of its schema.

export const NO_REFERENCE = {
  field: 'reference',
  rule: 'required',
  text: { zh: '为必填项（或使用 Idempotency-Key）', en: 'is required, here or as the Idempotency-Key' },
} as const;

export const NO_TIME = {
  field: 'ends_at',
  rule: 'type',
  text: { zh: '应为 ISO 8601 日期或日期时间', en: 'must be an ISO 8601 day, or date and time' },
} as const;

export const OVER_ALREADY = {
  field: 'ends_at',
  rule: 'min',
  text: { zh: '不得早于现在', en: 'must not be over already' },
} as const;
