import type { Refusal, RefusalCode } from '../domain/refusal.js';
import { HttpFailure } from './failure.js';
import { exact } from './present.js';

type Row = readonly [status: number, zh: string, en: string];

/** The one table that turns a reason of the domain into HTTP. The Chinese texts of the external API are part of its contract. */
export const refusalTable: Readonly<Record<RefusalCode, Row>> = {
  account_not_found: [404, '用户不存在', 'User does not exist'],
  account_erased: [409, '用户已注销', 'The user was erased'],
  account_suspended: [409, '用户已被停用', 'The user is suspended'],
  username_taken: [409, '用户名已存在，请使用其他用户名', 'The username is taken, please use another one'],
  email_taken: [409, '邮箱已被使用，请使用其他邮箱', 'The e-mail address is in use, please use another one'],
  aff_code_taken: [
    409,
    '推荐码已被使用，请使用其他推荐码',
    'The referral code is in use, please use another one',
  ],
  identity_taken: [409, '该第三方账号已关联到其他账户', 'That sign-in is linked to another account'],
  payment_not_found: [404, '支付单不存在', 'Payment does not exist'],
  payment_conflict: [
    409,
    '支付单号已被使用，且内容不一致',
    'The payment_id has been used with different contents',
  ],
  balance_ceiling: [409, '充值后余额将超过上限', 'The balance would exceed its ceiling'],
  refund_conflict: [
    409,
    '退款单号已被使用且内容不一致，或为账本自用',
    "The refund_id has been used with different contents, or is one of the ledger's own",
  ],
  refund_not_found: [404, '退款不存在', 'There is no such refund'],
  refund_of_order: [
    409,
    '订单的退款以支付机构为准',
    'What becomes of a refund of an order is what its provider says',
  ],
  refund_over: [409, '退款已有结果', 'It is decided what became of the refund'],
  refund_under_way: [
    409,
    '正在向支付渠道查询该退款，请一分钟后重试',
    'Its provider is being asked right now: try again in a minute',
  ],
  refund_exceeds_payment: [409, '退款金额超过可退金额', 'The refunds would exceed the payment'],
  refund_exceeds_balance: [409, '余额不足，无法退款', 'The balance cannot carry the refund'],
  adjustment_conflict: [
    409,
    '调整单号已被使用，且内容不一致',
    'The adjustment id has been used with different contents',
  ],
  adjustment_not_found: [404, '调整申请不存在', 'No such adjustment was requested'],
  adjustment_declined: [409, '该调整已被拒绝', 'The adjustment was declined'],
  adjustment_made: [409, '该调整已执行', 'The adjustment has been made'],
  adjustment_own: [403, '不能批准自己提出的调整', 'Who asked for an adjustment cannot approve it'],
  adjustment_exceeds_balance: [409, '余额不足，无法调整', 'The balance cannot carry the adjustment'],
  grant_conflict: [409, '赠送单号已被使用，且内容不一致', 'The source has been used for a different grant'],
  grant_not_found: [404, '没有该笔赠送', 'No such grant'],
  grant_over: [409, '该笔赠送已结束', 'The grant is over'],
  grants_off: [409, '赠送功能未启用', 'Grants are not turned on'],
  grant_exceeds_balance: [409, '余额正被占用，请稍后再试', 'The balance is in use, please try again'],
  code_malformed: [400, '兑换码应为 26 位字母和数字', 'A code has 26 letters and digits'],
  code_unknown: [404, '兑换码不存在', 'There is no such code'],
  code_void: [409, '兑换码已作废', 'The code was voided'],
  code_over: [409, '兑换码已过期', 'The time of the code is over'],
  code_used: [409, '兑换码已被使用', 'The code has been used'],
  code_guesses_most: [
    429,
    '一小时内输错兑换码的次数过多，请稍后再试',
    'Too many wrong codes in an hour, please try later',
  ],
  code_batch_not_found: [404, '没有该批兑换码', 'No such batch of codes'],
  code_batch_conflict: [
    409,
    '批次号已被使用，且内容不一致',
    'The reference has been used for a different batch of codes',
  ],
  codes_off: [409, '兑换码功能未启用', 'Codes are not turned on'],
  inviter_not_found: [404, '邀请码不存在', 'There is no such referral code'],
  referral_own: [409, '不能邀请自己', 'Nobody can invite themselves'],
  referral_bound: [409, '该用户已有邀请人', 'The user was invited by somebody else'],
  referral_not_found: [404, '该用户没有邀请人', 'The user was invited by nobody'],
  referrals_off: [409, '邀请功能未启用', 'Referrals are not turned on'],
  plan_not_found: [404, '没有该套餐', 'No such plan'],
  plan_invalid: [400, '套餐无效', 'The plan is not valid'],
  plan_not_offered: [409, '该套餐已停售', 'The plan is not sold any more'],
  plan_changed: [409, '套餐已变更，请刷新后重试', 'The plan has changed: look at it again'],
  plans_off: [409, '套餐功能未启用', 'Plans are not turned on'],
  subscription_not_found: [404, '没有该订阅', 'No such subscription'],
  subscription_over: [409, '该订阅已结束', 'The subscription is over'],
  subscription_renewed: [409, '下一周期已付款', 'The next period is paid for already'],
  team_not_found: [404, '没有该团队', 'No such team'],
  team_member_not_found: [404, '该用户不是团队成员', 'The user is no member of the team'],
  team_members_most: [409, '团队成员数量已达上限', 'The team has as many members as it may'],
  teams_off: [409, '团队功能未启用', 'Teams are not turned on'],
  token_not_assigned: [
    409,
    '该密钥尚未分配给成员，请先分配',
    "The key is no member's yet: assign it to one first",
  ],
  cash_amount_invalid: [400, '金额必须大于 0', 'The amount must be above 0'],
  cash_conflict: [409, '该笔资金已按其他金额入账', 'The movement has been booked with a different amount'],
  cash_off: [409, '资金入账功能未启用', 'Booking of cash is not turned on'],
  budget_invalid: [400, '预算无效', 'The budget is not valid'],
  amount_invalid: [400, '请求参数错误: 金额无效', 'Invalid request: the amount is not valid'],
  order_not_found: [404, '订单不存在', 'No such order'],
  order_paid: [409, '该订单已付款', 'The order has been paid'],
  orders_open_most: [
    409,
    '未付款的订单过多，请先付款或取消',
    'Too many orders are open: pay or cancel one of them first',
  ],
  orders_hourly_most: [429, '下单过于频繁，请稍后再试', 'Too many orders in an hour, please try later'],
  order_flag_not_found: [404, '没有该待核款项', 'No such payment waits for a decision'],
  order_payment_taken: [409, '该款项已记在另一笔订单', 'This payment was recorded for another order'],
  order_flag_settled: [409, '该款项已作其他处理', 'It was decided otherwise'],
  order_flag_own: [403, '不能确认自己登记的大额款项', 'Whoever recorded it cannot confirm it'],
  order_flag_uncreditable: [409, '该款项不能记入此订单', 'This money cannot be credited to this order'],
  payment_provider_not_found: [404, '没有该支付渠道', 'No such payment provider'],
  token_not_found: [
    404,
    'Token不存在或无权删除',
    'The token does not exist or may not be deleted by this user',
  ],
  group_not_found: [404, '分组不存在', 'No such group'],
  idempotency_conflict: [
    409,
    'Idempotency-Key已被用于内容不同的请求',
    'The Idempotency-Key has been used for a different request',
  ],
  channel_not_found: [404, '渠道不存在', 'No such channel'],
  channel_invalid: [400, '渠道配置无效', 'The channel is not valid'],
  text_invalid: [
    400,
    '请求参数错误: 文本含有无效字符',
    'Invalid request: a text holds a character that cannot be stored',
  ],
  operator_not_found: [404, '管理员不存在', 'No such operator'],
  operator_exists: [409, '管理员已存在', 'The operator exists already'],
  operator_self: [
    409,
    '不能停用自己或更改自己的角色',
    'Operators neither disable themselves nor change their own role',
  ],
  operator_invalid: [400, '管理员名称无效', 'The name of the operator is not valid'],
  password_unfit: [400, '密码长度不符合要求', 'The password is too short or too long'],
  login_not_found: [404, '该账户未开通登录', 'Nobody signs in to this account yet'],
  login_closed: [409, '该账户的登录已关闭', 'The login of this account was closed'],
  too_many_passkeys: [409, '通行密钥数量已达上限', 'There are as many passkeys as there may be'],
  password_common: [
    400,
    '密码过于常见，请换一个',
    'The password is among the commonest, please choose another',
  ],
  setting_invalid: [400, '设置无效', 'The setting is not valid'],
  price_list_moved: [409, '价格表已被他人更新', 'Another price list was published meanwhile'],
  service_key_not_found: [404, '服务密钥不存在', 'No such service key'],
  price_list_invalid: [409, '价格表无效', 'The price list is not valid'],
};

/** The failure of a refused command: status and texts from the table, the refusal's own facts as `details`. */
export function refused(refusal: Refusal): HttpFailure {
  const { code, ...facts } = refusal;
  const [status, zh, en] = refusalTable[code];
  const details = Object.entries(facts).map(([name, value]: [string, unknown]) =>
    name === 'remainingUsd' ? (['remaining_usd', exact(String(value))] as const) : ([name, value] as const),
  );
  return new HttpFailure({
    status,
    code,
    text: { zh, en },
    ...(details.length > 0 ? { details: Object.fromEntries(details) } : {}),
  });
}
