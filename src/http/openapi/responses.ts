import type { BoundEndpoint, FailureRow as Row } from '../endpoint.js';
import { isPermission } from '../middleware/auth.js';
import { refusalTable } from '../refusals.js';

const everywhere: readonly Row[] = [
  [400, 'invalid_request', '请求参数错误: external_user_id 为必填项'],
  [401, 'unauthorized', '未授权：服务密钥缺失或无效'],
  [403, 'forbidden', '服务密钥没有所需的权限'],
  [429, 'rate_limit_exceeded', '请求过于频繁，请稍后重试'],
  [500, 'internal_error', '服务器内部错误'],
  [503, 'ledger_unavailable', '账本服务暂时不可用，请稍后重试'],
];

const withBody: readonly Row[] = [
  [400, 'invalid_json', '请求参数错误: body 不是有效的 JSON'],
  [413, 'request_too_large', '请求参数错误: body 不得大于 1048576 字节'],
  [415, 'unsupported_media_type', '请求参数错误: Content-Type 应为 application/json (UTF-8)'],
];

/** Where nobody is asked for a key. */
const inOpenMode: readonly Row[] = [
  [403, 'loopback_only', '未启用鉴权时仅接受以本机名称（localhost、127.0.0.1）发出的请求'],
];

/** Where `ADMIN_ADDRESSES` says from where operators may come. */
const ofOperators: readonly Row[] = [[403, 'address_not_allowed', '不允许从此地址访问管理接口']];

/** Where every operator must have a second factor, and who asks has none. */
const ofRoles: readonly Row[] = [[403, 'second_factor_setup_required', '请先为您的账户启用两步验证']];

/** Where an operator at a browser is asked for the password again. */
const ofFreshProof: readonly Row[] = [[403, 'step_up_required', '请先再次输入密码确认身份']];

/** Where a cookie, or somebody who is about to get one, may do something. */
const ofBrowsers: readonly Row[] = [[403, 'cross_site', '请求不是由本站页面发出的']];
const BROWSERS: ReadonlySet<string> = new Set(['admin', 'auth', 'user']);

/** Every failure that an endpoint can answer with. */
export function failureRows(endpoint: BoundEndpoint): readonly Row[] {
  return [
    ...everywhere,
    ...((endpoint.area ?? 'external') === 'external' ? inOpenMode : []),
    ...(endpoint.area === 'admin' ? ofOperators : []),
    ...(isPermission(endpoint.access) ? ofRoles : []),
    ...(endpoint.freshProof ? ofFreshProof : []),
    ...(endpoint.method !== 'get' && BROWSERS.has(endpoint.area ?? 'external') ? ofBrowsers : []),
    ...(endpoint.method === 'get' ? [] : withBody.slice(endpoint.takesFile ? 1 : 0)),
    ...(endpoint.failures ?? []),
    ...endpoint.refusals.map((code): Row => [refusalTable[code][0], code, refusalTable[code][1]]),
  ];
}

/** The failures of an endpoint by status, each code with an example. */
export function failureResponses(endpoint: BoundEndpoint): Record<string, unknown> {
  const byStatus = new Map<number, Row[]>();
  for (const row of failureRows(endpoint)) byStatus.set(row[0], [...(byStatus.get(row[0]) ?? []), row]);
  return Object.fromEntries(
    [...byStatus].map(([status, failures]) => [
      status,
      {
        description: failures.map(([, code]) => `\`${code}\``).join(', '),
        content: {
          'application/json': {
            schema: {
              allOf: [
                { $ref: '#/components/schemas/Failure' },
                {
                  type: 'object',
                  properties: { code: { enum: [...new Set(failures.map(([, code]) => code))] } },
                },
              ],
            },
            examples: Object.fromEntries(failures.map((row) => [row[1], { value: example(row) }])),
          },
        },
      },
    ]),
  );
}

function example([, code, message]: Row) {
  return { success: false, message, code, request_id: '0b9a4c1e-5d0f-4f0e-9d57-1f1f1b0f6a11' };
}
