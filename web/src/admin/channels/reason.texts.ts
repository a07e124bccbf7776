const en = {
  status: (status: string) => `HTTP ${status} from upstream`,
  known: {
    unprepared: 'the call could not be signed',
    'not-allowed': 'the address is not allowed',
    unreachable: 'upstream cannot be reached',
    timeout: 'no answer in time',
    broken: 'the answer broke off',
    undecodable: 'the answer cannot be unpacked',
    oversized: 'the answer was too large',
    aborted: 'the call was broken off',
    'bad-body': 'the answer is none',
  },
};
const zh = {
  status: (status: string) => `上游返回 HTTP ${status}`,
  known: {
    unprepared: '调用无法签名',
    'not-allowed': '地址不被允许',
    unreachable: '无法连接上游',
    timeout: '未及时应答',
    broken: '应答中断',
    undecodable: '应答无法解压',
    oversized: '应答过大',
    aborted: '调用被中断',
    'bad-body': '应答内容无效',
  },
} satisfies typeof en;
export const reasonTexts = { en, zh };
