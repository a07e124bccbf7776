const en = {
  sessions: 'Sessions',
  columns: ['Browser', 'Address', 'Began', 'Last seen', 'End'],
  program: 'Program',
  none: 'No session is open.',
  thisOne: 'this one',
  via: (key: string) => `by ${key}`,
  end: 'End',
  endOthers: 'End all others',
  ended: 'The session was ended.',
  endedOthers: (count: number) =>
    count === 1 ? 'One other session was ended.' : `${count} other sessions were ended.`,
  noneOther: 'No other session is open.',
  times: (zone: string) => `Times in ${zone}`,
};
const zh = {
  sessions: '会话',
  columns: ['浏览器', '地址', '开始', '最近使用', '结束'],
  program: '程序',
  none: '没有会话。',
  thisOne: '当前',
  via: (key: string) => `来自 ${key}`,
  end: '结束',
  endOthers: '结束其他会话',
  ended: '会话已结束。',
  endedOthers: (count: number) => `已结束 ${count} 个其他会话。`,
  noneOther: '没有其他会话。',
  times: (zone: string) => `时间为 ${zone}`,
} satisfies typeof en;
export const sessionTexts = { en, zh };
